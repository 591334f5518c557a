//! A stable text form of the IR: row variables and locals are numbered, not named; the meaning hash is taken of it.
