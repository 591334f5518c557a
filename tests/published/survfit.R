# Makes tests/published/survfit.tsv: 500 samples of times with ties, rows that leave early and curves that end flat, and what R's
# package `survival` says of them. `tests/estimates.rs` compares the program with these figures, so R is not needed to run the tests.
#
#   apt-get install r-base-core r-cran-survival        (Debian)
#   Rscript tests/published/survfit.R > tests/published/survfit.tsv
#
# R has two rules for a percentile at which the curve stays to its end, and this keeps the figures of both. They agree everywhere else.
#   quantile(fit)                                 halfway between the time at which the curve got there and the last time of all
#   print(fit), summary(fit)$table["median"]      the time at which the curve got there
# The second rule is written for the median only. For other percentiles it is asked with R's own code, its 0.5 put aside for the level.
suppressMessages(library(survival))

percents <- 1:99

# R's rule for the printed median, at any level: `minmin` inside `survmean`.
printed_rule <- function(level) {
  found <- NULL
  seek <- function(e) {
    if (!is.call(e)) return(invisible())
    if (identical(e[[1]], as.name("<-")) && identical(e[[2]], as.name("minmin"))) found <<- e[[3]]
    # An argument that is left out, as in `x[i, ]`, cannot be looked at.
    for (i in seq_along(e)) if (tryCatch(is.call(e[[i]]), error = function(none) FALSE)) seek(e[[i]])
  }
  seek(body(survival:::survmean))
  at_level <- function(e) {
    if (is.numeric(e) && identical(e, 0.5)) return(level)
    if (is.call(e)) for (i in seq_along(e)) if (is.call(e[[i]]) || is.numeric(e[[i]])) e[[i]] <- at_level(e[[i]])
    e
  }
  made <- eval(found)
  # The tolerance is `.Machine$double.eps^0.5`, whose 0.5 is no level.
  parts <- as.list(body(made))
  keep <- vapply(parts, function(p) is.call(p) && identical(p[[1]], as.name("<-")) && identical(p[[2]], as.name("tolerance")), TRUE)
  body(made) <- as.call(ifelse(keep, parts, lapply(parts, at_level)))
  made
}
rules <- lapply(percents, function(p) printed_rule(1 - p / 100))

sample_of <- function(n) {
  rows <- sample(c(1:12, 4 * (1:15), 100), 1)
  latest <- sample(c(3, 8, 20, 60, 400), 1)
  time <- sample(0:latest, rows, replace = TRUE)
  # 0: not yet; 1 and 2: what can happen.
  open <- sample(c(0, 0.2, 0.4, 0.6, 0.8), 1)
  status <- ifelse(runif(rows) < open, 0L, sample(1:2, rows, replace = TRUE, prob = c(3, 2)))
  # Every third sample ends flat: the last ones are not yet there, half of these samples at exactly a level.
  if (n %% 3 == 0) {
    wholes <- c(2, 4, 5, 10, 20, 25, 50, 100)
    flat <- if (n %% 2 == 0) min(wholes[wholes > rows], 200) - rows else sample(seq_len(rows), 1)
    time <- c(time, rep(latest + sample(0:3, 1), flat))
    status <- c(status, rep(0L, flat))
    if (n %% 2 == 0) status[seq_len(rows)] <- pmax(status[seq_len(rows)], 1L)
  }
  order <- order(time, status == 0, status)
  list(time = time[order], status = status[order])
}

figure <- function(x) if (is.na(x)) "-" else format(x, digits = 15, scientific = FALSE)
figures <- function(x) vapply(x, figure, "")
# From which percentile on there is which figure.
runs <- function(values) {
  text <- figures(values)
  first <- c(TRUE, text[-1] != text[-length(text)])
  paste(paste(percents[first], text[first], sep = ":"), collapse = " ")
}

set.seed(19, kind = "Mersenne-Twister", normal.kind = "Inversion", sample.kind = "Rejection")
cat("# What R's `survfit` says of 500 samples; made by tests/published/survfit.R with ", R.version.string, ", survival ",
    as.character(packageVersion("survival")), ", seed 19.\n", sep = "")
cat("# times: `6a` the first thing has happened at 6, `6b` the second, `6+` neither by 6.\n")
cat("# quantile: quantile(fit), from each percentile named on; `-` is none. printed: where the rule of the printed median gives another.\n")
cat("# incidence: Aalen-Johansen at a time, of a and of b; `*` is given only when R is told to go on after the last time.\n")
cat("times\tquantile\tprinted\tincidence\n")
for (n in 1:500) {
  of <- sample_of(n)
  fit <- survfit(Surv(of$time, of$status > 0) ~ 1)
  quantiles <- unname(quantile(fit, percents / 100, conf.int = FALSE))
  printed <- vapply(percents, function(p) as.numeric(rules[[p]](fit$surv, fit$time)), 0)
  stopifnot(isTRUE(all.equal(printed[50], unname(summary(fit)$table["median"]))))
  same <- (is.na(quantiles) & is.na(printed)) | (!is.na(quantiles) & !is.na(printed) & abs(quantiles - printed) < 1e-9)
  other <- paste(paste(percents[!same], figures(printed[!same]), sep = ":")[any(!same)], collapse = " ")
  states <- survfit(Surv(of$time, factor(of$status, 0:2, c("not yet", "a", "b"))) ~ 1)
  last <- max(of$time)
  at <- sort(unique(c(sample(of$time, 1), sample(0:last, 3, replace = TRUE), last, last + 1)))
  shares <- summary(states, times = at, extend = TRUE)$pstate
  incidence <- paste(paste0(at, ifelse(at > last, "*", ""), ":", figures(shares[, 2]), ":", figures(shares[, 3])), collapse = " ")
  times <- paste(paste0(of$time, c("+", "a", "b")[of$status + 1]), collapse = " ")
  cat(times, "\t", runs(quantiles), "\t", other, "\t", incidence, "\n", sep = "")
}
