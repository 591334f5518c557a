/* Loaded before the C library (`LD_PRELOAD`): counts the calls that write, make, rename or delete files, and has something happen at one of them.

   FAULT_AT=n     the n-th call, on whatever thread
   FAULT=kill     half of what is to be written is written, then the process is gone
   FAULT=full     it and all later ones that take room say that the disk is full; half of the first is written
   FAULT=failing  it says that the device has failed
   FAULT=15       this signal arrives before it
   FAULT_COUNT=f  a file, not counted itself, that gets the number of calls at the end of the process

   The clock of the day stands still: what says when it was made says the same each time. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static atomic_long calls;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int is_file(int fd) {
    struct stat about;
    return fstat(fd, &about) == 0 && S_ISREG(about.st_mode);
}

static int is(const char *fault) {
    const char *asked = getenv("FAULT");
    return asked && strcmp(asked, fault) == 0;
}

/* Whether this call, which takes room or does not, is to fail; does not come back where the process ends here. `half` does a part of it. */
static int fails(int takes_room, void (*half)(void *), void *with) {
    const char *at = getenv("FAULT_AT");
    long n = atomic_fetch_add(&calls, 1) + 1, of = at ? atol(at) : 0;
    if (of == 0 || n < of) return 0;
    if (is("full")) {
        if (!takes_room) return 0;
        if (n == of && half) half(with);
        errno = ENOSPC;
        return 1;
    }
    if (n > of) return 0;
    if (is("kill")) {
        if (half) half(with);
        kill(getpid(), SIGKILL);
        for (;;) pause();
    }
    if (is("failing")) {
        errno = EIO;
        return 1;
    }
    kill(getpid(), atoi(getenv("FAULT")));
    return 0;
}

__attribute__((destructor)) static void tell(void) {
    const char *path = getenv("FAULT_COUNT");
    if (!path) return;
    char text[32];
    int length = snprintf(text, sizeof text, "%ld", atomic_load(&calls));
    int fd = REAL(open)(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd < 0) return;
    if (REAL(write)(fd, text, (size_t)length) < 0) return;
    close(fd);
}

struct bytes {
    int fd;
    const void *from;
    size_t count;
    off_t at;
};

static void half_written(void *with) {
    struct bytes *all = with;
    if (REAL(write)(all->fd, all->from, all->count / 2) < 0) return;
}

static void half_written_at(void *with) {
    struct bytes *all = with;
    if (REAL(pwrite64)(all->fd, all->from, all->count / 2, all->at) < 0) return;
}

ssize_t write(int fd, const void *from, size_t count) {
    struct bytes all = {fd, from, count, 0};
    if (is_file(fd) && fails(1, half_written, &all)) return -1;
    return REAL(write)(fd, from, count);
}

ssize_t pwrite64(int fd, const void *from, size_t count, off_t at) {
    struct bytes all = {fd, from, count, at};
    if (is_file(fd) && fails(1, half_written_at, &all)) return -1;
    return REAL(pwrite64)(fd, from, count, at);
}

ssize_t writev(int fd, const struct iovec *all, int count) {
    if (is_file(fd) && fails(1, NULL, NULL)) return -1;
    return REAL(writev)(fd, all, count);
}

ssize_t copy_file_range(int from, off_t *at, int to, off_t *there, size_t count, unsigned flags) {
    if (fails(1, NULL, NULL)) return -1;
    return REAL(copy_file_range)(from, at, to, there, count, flags);
}

ssize_t sendfile64(int to, int from, off_t *at, size_t count);
ssize_t sendfile64(int to, int from, off_t *at, size_t count) {
    if (is_file(to) && fails(1, NULL, NULL)) return -1;
    return REAL(sendfile64)(to, from, at, count);
}

int ftruncate64(int fd, off_t length) { return is_file(fd) && fails(1, NULL, NULL) ? -1 : REAL(ftruncate64)(fd, length); }
int fsync(int fd) { return fails(0, NULL, NULL) ? -1 : REAL(fsync)(fd); }
int fdatasync(int fd) { return fails(0, NULL, NULL) ? -1 : REAL(fdatasync)(fd); }
int rename(const char *from, const char *to) { return fails(0, NULL, NULL) ? -1 : REAL(rename)(from, to); }
int renameat(int at, const char *from, int there, const char *to) { return fails(0, NULL, NULL) ? -1 : REAL(renameat)(at, from, there, to); }
int renameat2(int at, const char *from, int there, const char *to, unsigned flags) {
    return fails(0, NULL, NULL) ? -1 : REAL(renameat2)(at, from, there, to, flags);
}
int link(const char *from, const char *to) { return fails(1, NULL, NULL) ? -1 : REAL(link)(from, to); }
int linkat(int at, const char *from, int there, const char *to, int flags) {
    return fails(1, NULL, NULL) ? -1 : REAL(linkat)(at, from, there, to, flags);
}
int symlink(const char *from, const char *to) { return fails(1, NULL, NULL) ? -1 : REAL(symlink)(from, to); }
int unlink(const char *path) { return fails(0, NULL, NULL) ? -1 : REAL(unlink)(path); }
int unlinkat(int at, const char *path, int flags) { return fails(0, NULL, NULL) ? -1 : REAL(unlinkat)(at, path, flags); }
int rmdir(const char *path) { return fails(0, NULL, NULL) ? -1 : REAL(rmdir)(path); }
int mkdir(const char *path, mode_t mode) { return fails(1, NULL, NULL) ? -1 : REAL(mkdir)(path, mode); }
int mkdirat(int at, const char *path, mode_t mode) { return fails(1, NULL, NULL) ? -1 : REAL(mkdirat)(at, path, mode); }
int chmod(const char *path, mode_t mode) { return fails(0, NULL, NULL) ? -1 : REAL(chmod)(path, mode); }
int fchmod(int fd, mode_t mode) { return fails(0, NULL, NULL) ? -1 : REAL(fchmod)(fd, mode); }

static int making(int flags) { return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE; }

int open64(const char *path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    mode_t mode = making(flags) ? va_arg(more, mode_t) : 0;
    va_end(more);
    if (making(flags) && fails(1, NULL, NULL)) return -1;
    return REAL(open64)(path, flags, mode);
}

int openat64(int at, const char *path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    mode_t mode = making(flags) ? va_arg(more, mode_t) : 0;
    va_end(more);
    if (making(flags) && fails(1, NULL, NULL)) return -1;
    return REAL(openat64)(at, path, flags, mode);
}

#define NOW 1711900000

int clock_gettime(clockid_t clock, struct timespec *now) {
    int failed = REAL(clock_gettime)(clock, now);
    if (!failed && clock == CLOCK_REALTIME) *now = (struct timespec){.tv_sec = NOW};
    return failed;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    int failed = REAL(gettimeofday)(now, zone);
    if (!failed) *now = (struct timeval){.tv_sec = NOW};
    return failed;
}
