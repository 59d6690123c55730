# Estimates, standard errors and log likelihoods from R, for tests/fitting/test_against_r.py.
#
#     Rscript tests/truth_from_r.R > tests/truth/r.json
#
# Closed forms come from MASS::fitdistr or are written out. The rest is climbed to in this file on
# R's own densities, from moments by Nelder and Mead's method and then by Newton's with central
# differences, on logarithms of positive parameters: fitdistr's own optimum is good to some four
# digits only, and is held against the polished one below. All data ship with R (datasets).

suppressMessages(library(MASS))

derivatives <- function(f, u, h) {
  k <- length(u)
  gradient <- numeric(k)
  hessian <- matrix(0, k, k)
  for (i in 1:k) {
    e <- replace(numeric(k), i, h[i])
    p <- c(f(u - 2 * e), f(u - e), f(u), f(u + e), f(u + 2 * e))
    gradient[i] <- (p[1] - 8 * p[2] + 8 * p[4] - p[5]) / (12 * h[i])
    hessian[i, i] <- (-p[1] + 16 * p[2] - 30 * p[3] + 16 * p[4] - p[5]) / (12 * h[i]^2)
    for (j in seq_len(i - 1)) {
      d <- replace(numeric(k), j, h[j])
      mixed <- function(s) f(u + s * (e + d)) - f(u + s * (e - d)) - f(u - s * (e - d)) + f(u - s * (e + d))
      hessian[i, j] <- hessian[j, i] <- (16 * mixed(1) / 4 - mixed(2) / 4) / (12 * h[i] * h[j])
    }
  }
  list(gradient = gradient, hessian = hessian)
}

# Maximise sum(log_density(x, theta)); `positive` says which parameters are > 0.
polished <- function(x, log_density, start, positive) {
  to <- function(u) ifelse(positive, exp(u), u)
  f <- function(u) sum(log_density(x, to(u)))
  u <- ifelse(positive, log(abs(start)), start)
  u <- optim(u, function(v) -f(v), control = list(reltol = 1e-15, maxit = 20000))$par
  for (step in 1:20) {
    h <- ifelse(positive, 1e-3, 1e-3 * sd(x))
    d <- derivatives(f, u, h)
    u <- u - solve(d$hessian, d$gradient)
  }
  theta <- to(u)
  slope <- ifelse(positive, theta, 1)
  list(estimates = theta, errors = sqrt(diag(solve(-d$hessian))) * slope, value = f(u))
}

closed <- function(estimates, errors, value) {
  list(estimates = estimates, errors = errors, value = value)
}

families <- list(
  "normal" = list(c("mean", "std"), function(x) {
    f <- fitdistr(x, "normal")
    closed(f$estimate, f$sd, f$loglik)
  }),
  "lognormal" = list(c("log_mean", "log_std"), function(x) {
    f <- fitdistr(x, "lognormal")
    closed(f$estimate, f$sd, f$loglik)
  }),
  "exponential" = list("rate", function(x) {
    f <- fitdistr(x, "exponential")
    closed(f$estimate, f$sd, f$loglik)
  }),
  "gamma" = list(c("shape", "scale"), function(x) {
    m <- mean(x)
    polished(x, function(x, t) dgamma(x, t[1], scale = t[2], log = TRUE),
      c(m^2 / var(x), var(x) / m), c(TRUE, TRUE))
  }),
  "weibull" = list(c("shape", "scale"), function(x) {
    polished(x, function(x, t) dweibull(x, t[1], t[2], log = TRUE),
      c(1.2 / sd(log(x)), exp(mean(log(x)) + 0.572 * sd(log(x)) / 1.2)), c(TRUE, TRUE))
  }),
  "beta" = list(c("alpha", "beta"), function(x) {
    n <- mean(x) * (1 - mean(x)) / var(x) - 1
    polished(x, function(x, t) dbeta(x, t[1], t[2], log = TRUE),
      c(mean(x) * n, (1 - mean(x)) * n), c(TRUE, TRUE))
  }),
  "uniform" = list(c("low", "high"), function(x) {
    closed(range(x), c(NA, NA), -length(x) * log(diff(range(x))))
  }),
  "logistic" = list(c("loc", "scale"), function(x) {
    polished(x, function(x, t) dlogis(x, t[1], t[2], log = TRUE),
      c(mean(x), 0.55 * sd(x)), c(FALSE, TRUE))
  }),
  "loglogistic" = list(c("shape", "scale"), function(x) {
    polished(x, function(x, t) dlogis(log(x), log(t[2]), 1 / t[1], log = TRUE) - log(x),
      c(1.8 / sd(log(x)), median(x)), c(TRUE, TRUE))
  }),
  "laplace" = list(c("loc", "scale"), function(x) {
    scale <- mean(abs(x - median(x)))
    # The standard errors are those of the expected information.
    closed(c(median(x), scale), rep(scale / sqrt(length(x)), 2), -length(x) * (log(2 * scale) + 1))
  }),
  "student t" = list(c("df", "loc", "scale"), function(x) {
    polished(x, function(x, t) dt((x - t[2]) / t[3], t[1], log = TRUE) - log(t[3]),
      c(5, median(x), mad(x)), c(TRUE, FALSE, TRUE))
  }),
  "cauchy" = list(c("loc", "scale"), function(x) {
    polished(x, function(x, t) dcauchy(x, t[1], t[2], log = TRUE),
      c(median(x), IQR(x) / 2), c(FALSE, TRUE))
  }),
  "inverse gaussian" = list(c("mean", "shape"), function(x) {
    n <- length(x)
    m <- mean(x)
    k <- 1 / mean(1 / x - 1 / m)
    value <- sum(log(k / (2 * pi * x^3)) / 2 - k * (x - m)^2 / (2 * m^2 * x))
    closed(c(m, k), c(sqrt(m^3 / k / n), k * sqrt(2 / n)), value)
  }),
  "pareto" = list(c("shape", "scale"), function(x) {
    a <- 1 / mean(log(x / min(x)))
    value <- sum(log(a) + a * log(min(x)) - (a + 1) * log(x))
    closed(c(a, min(x)), c(a / sqrt(length(x)), NA), value)
  }),
  "gumbel" = list(c("loc", "scale"), function(x) {
    polished(x, function(x, t) {
      z <- (x - t[1]) / t[2]
      -z - exp(-z) - log(t[2])
    }, c(mean(x) - 0.45 * sd(x), 0.78 * sd(x)), c(FALSE, TRUE))
  }),
  "rayleigh" = list("scale", function(x) {
    s <- sqrt(mean(x^2) / 2)
    value <- sum(log(x / s^2) - x^2 / (2 * s^2))
    closed(s, s / (2 * sqrt(length(x))), value)
  }),
  "bernoulli" = list("prob", function(x) {
    p <- mean(x)
    closed(p, sqrt(p * (1 - p) / length(x)), sum(dbinom(x, 1, p, log = TRUE)))
  }),
  "poisson" = list("rate", function(x) {
    f <- fitdistr(x, "Poisson")
    closed(f$estimate, f$sd, f$loglik)
  }),
  "geometric" = list("prob", function(x) {
    f <- fitdistr(x, "geometric")
    closed(f$estimate, f$sd, f$loglik)
  }),
  "negative binomial" = list(c("mean", "dispersion"), function(x) {
    polished(x, function(x, t) dnbinom(x, mu = t[1], size = 1 / t[2], log = TRUE),
      c(mean(x), (var(x) - mean(x)) / mean(x)^2), c(TRUE, TRUE))
  })
)

positive <- c("gamma", "lognormal", "exponential", "weibull", "loglogistic", "inverse gaussian",
  "pareto", "rayleigh")
real <- c("normal", "uniform", "logistic", "laplace", "cauchy", "gumbel")
counts <- c("poisson", "geometric", "negative binomial")

# Of each data set: its values and the families it is held against.
data <- list(
  "rivers" = list(as.numeric(rivers), c(positive, real, "student t")),
  "faithful$eruptions" = list(faithful$eruptions, c(positive, real)),
  "precip" = list(as.numeric(precip), c(positive, real)),
  "quakes$mag" = list(quakes$mag, c(positive, real)),
  "attenu$accel" = list(attenu$accel, c(positive, real, "beta")),
  "airquality$Wind" = list(airquality$Wind, c(positive, real)),
  "morley$Speed" = list(as.numeric(morley$Speed), c(positive, real)),
  "nhtemp" = list(as.numeric(nhtemp), c(positive, real)),
  "diff(log(EuStockMarkets[, \"DAX\"]))" = list(
    100 * diff(log(as.numeric(EuStockMarkets[, "DAX"]))), c(real, "student t")),
  "swiss$Agriculture / 100" = list(swiss$Agriculture / 100, c(positive, real, "beta")),
  "discoveries" = list(as.numeric(discoveries), counts),
  "InsectSprays$count" = list(InsectSprays$count, counts),
  "esoph$ncases" = list(esoph$ncases, counts),
  "mtcars$am" = list(mtcars$am, "bernoulli")
)

number <- function(v) ifelse(is.na(v), "null", sprintf("%.17g", v))
array <- function(v) paste0("[", paste(number(v), collapse = ", "), "]")

entry <- function(name) {
  x <- data[[name]][[1]]
  fits <- sapply(data[[name]][[2]], function(family) {
    f <- families[[family]][[2]](x)
    pairs <- function(v) {
      paste0("{", paste0("\"", families[[family]][[1]], "\": ", number(unname(v)), collapse = ", "), "}")
    }
    sprintf("      \"%s\": {\"estimates\": %s, \"errors\": %s, \"log_likelihood\": %s}",
      family, pairs(f$estimates), pairs(f$errors), number(f$value))
  })
  sprintf("  \"%s\": {\n    \"values\": %s,\n    \"fits\": {\n%s\n    }\n  }",
    gsub("\"", "'", name), array(x), paste(fits, collapse = ",\n"))
}

# The two ways agree where fitdistr has the family and succeeds.
check <- function(x, name, family, convert) {
  theirs <- suppressWarnings(fitdistr(x, name))
  ours <- families[[family]][[2]](x)
  stopifnot(abs(convert(theirs$estimate) / ours$estimates - 1) < 2e-3)
  stopifnot(theirs$loglik < ours$value + 1e-9, theirs$loglik > ours$value - 1e-3)
}
check(faithful$eruptions, "weibull", "weibull", identity)
check(airquality$Wind, "logistic", "logistic", identity)
check(faithful$eruptions, "cauchy", "cauchy", identity)
check(airquality$Wind, "gamma", "gamma", function(e) c(e[1], 1 / e[2]))
check(InsectSprays$count, "negative binomial", "negative binomial", function(e) c(e[2], 1 / e[1]))
check(100 * diff(log(as.numeric(EuStockMarkets[, "DAX"]))), "t", "student t", function(e) e[c(3, 1, 2)])

cat("{\n", paste(sapply(names(data), entry), collapse = ",\n"), "\n}\n", sep = "")
