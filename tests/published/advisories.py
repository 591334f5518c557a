# Makes tests/published/advisories.tsv: what the advisory database of RustSec says of the crates in Cargo.lock. `tests/language/dependencies.rs` holds
# the versions in Cargo.lock against it, so neither Python nor a network is needed to run the tests.
#
#     git clone https://github.com/rustsec/advisory-db
#     python3 tests/published/advisories.py advisory-db
#
# An advisory is a fact about versions: its id, the crate, its kind, and which versions are mended or were never touched. Withdrawn ones are left out.
import pathlib
import re
import subprocess
import sys
import tomllib

database = pathlib.Path(sys.argv[1])
here = pathlib.Path(__file__).parent
lock = tomllib.loads((here.parent.parent / "Cargo.lock").read_text())
names = {package["name"] for package in lock["package"]}
commit = subprocess.run(["git", "-C", database, "log", "-1", "--format=%H %cs"], capture_output=True, text=True, check=True).stdout.strip()
lines = [f"# rustsec/advisory-db {commit}", "id\tcrate\tkind\tmended\tnever touched"]
for name in sorted(names):
    for path in sorted((database / "crates" / name).glob("RUSTSEC-*.md")):
        said = tomllib.loads(re.match(r"```toml\n(.*?)```", path.read_text(), re.S)[1])
        advisory, versions = said["advisory"], said["versions"]
        if "withdrawn" not in advisory:
            ranges = (" | ".join(versions.get(kind, [])) for kind in ("patched", "unaffected"))
            lines.append("\t".join([advisory["id"], name, advisory.get("informational", "vulnerability"), *ranges]))
(here / "advisories.tsv").write_text("\n".join(lines) + "\n")
