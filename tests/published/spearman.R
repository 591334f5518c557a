# Makes tests/published/spearman.tsv: 300 samples of pairs, most with ties, and what R says of them. `tests/estimates.rs` compares the
# program with these figures, so R is not needed to run the tests.
#
#   apt-get install r-base-core                        (Debian)
#   Rscript tests/published/spearman.R > tests/published/spearman.tsv
#
# rho is R's `cor(x, y, method = "spearman")`, which takes ties by mid-ranks; `-` where R has none (all alike) or n < 4. The interval is
# Bonett and Wright's (Psychometrika 65, 2000, 23-28), reckoned by R: tanh(atanh(rho) -+ qnorm(0.975) * sqrt((1 + rho^2 / 2) / (n - 3))).
set.seed(20)
shown <- function(v) if (is.na(v) || is.infinite(v)) "-" else sprintf("%.15g", v)
cat("# What R says of 300 samples; made by tests/published/spearman.R with ", R.version.string, ", seed 20.\n", sep = "")
cat("x\ty\trho\tlow\thigh\n")
for (sample_number in 1:300) {
  n <- sample(c(2:12, 30, 100), 1)
  few <- sample(c(1, 2, 3, 5, 20, 1000), 2, replace = TRUE)
  x <- sample(few[1], n, replace = TRUE)
  y <- if (runif(1) < 0.5) sample(few[2], n, replace = TRUE) else pmax(1, round(x + rnorm(n, 0, few[1] / 3)))
  rho <- suppressWarnings(cor(x, y, method = "spearman"))
  if (n < 4) rho <- NA
  half <- qnorm(0.975) * sqrt((1 + rho^2 / 2) / (n - 3))
  ends <- if (is.na(rho) || abs(abs(rho) - 1) < 1e-12) c(NA, NA) else tanh(atanh(rho) + c(-half, half))
  cat(paste(x, collapse = " "), paste(y, collapse = " "), shown(rho), shown(ends[1]), shown(ends[2]), sep = "\t")
  cat("\n")
}
