# Fit each case with an R package and write cases.json. Run from tests/published, then polish.py:
#
#     Rscript scripts/packages.R && python scripts/polish.py
#
# Needs survival, fitdistrplus, VGAM, eha, statmod, jsonlite. A package's estimates are converted to
# the parameters of likeliest, and its log likelihood is computed here anew, on the scale of the
# data, with all constants and from R's own densities and tails. Where no package fits the case,
# stats::optim climbs on the same function.

suppressMessages({
  library(jsonlite)
  library(survival)
  library(fitdistrplus)
})
version <- function(package) paste(package, as.character(packageVersion(package)))

# ---- densities and tails, with R's arguments: x, parameters, log; q, parameters, lower.tail, log.p

located <- function(d, p) {
  list(
    d = function(x, q) d((x - q[1]) / q[2], log = TRUE) - log(q[2]),
    p = function(x, q, lower) p((x - q[1]) / q[2], lower.tail = lower, log.p = TRUE)
  )
}
log1mexp <- function(a) ifelse(a > -log(2), log(-expm1(a)), log1p(-exp(a)))
gumbel_d <- function(z, log) -z - exp(-z)
gumbel_p <- function(z, lower.tail, log.p) if (lower.tail) -exp(-z) else log1mexp(-exp(-z))
laplace_d <- function(z, log) -abs(z) - log(2)
laplace_p <- function(z, lower.tail, log.p) {
  if (!lower.tail) z <- -z
  ifelse(z < 0, z - log(2), log1p(-exp(-abs(z)) / 2))
}

plain <- function(d, p) {
  list(
    d = function(x, q) do.call(d, c(list(x), as.list(unname(q)), log = TRUE)),
    p = function(x, q, lower) do.call(p, c(list(x), as.list(unname(q)), lower.tail = lower, log.p = TRUE))
  )
}
gamma_by_scale <- plain(
  function(x, shape, scale, log) dgamma(x, shape, scale = scale, log = log),
  function(x, shape, scale, lower.tail, log.p) pgamma(x, shape, scale = scale, lower.tail = lower.tail, log.p = log.p)
)
laws <- list(
  "normal" = list(c("mean", "std"), plain(dnorm, pnorm)),
  "lognormal" = list(c("log_mean", "log_std"), plain(dlnorm, plnorm)),
  "exponential" = list("rate", plain(dexp, pexp)),
  "weibull" = list(c("shape", "scale"), plain(dweibull, pweibull)),
  "gamma" = list(c("shape", "scale"), gamma_by_scale),
  "beta" = list(c("alpha", "beta"), plain(function(x, a, b, log) dbeta(x, a, b, log = log), function(x, a, b, lower.tail, log.p) pbeta(x, a, b, lower.tail = lower.tail, log.p = log.p))),
  "logistic" = list(c("loc", "scale"), plain(dlogis, plogis)),
  "cauchy" = list(c("loc", "scale"), plain(dcauchy, pcauchy)),
  "gumbel" = list(c("loc", "scale"), located(gumbel_d, gumbel_p)),
  "laplace" = list(c("loc", "scale"), located(laplace_d, laplace_p)),
  "loglogistic" = list(c("shape", "scale"), list(
    d = function(x, q) dlogis(log(x), log(q[2]), 1 / q[1], log = TRUE) - log(x),
    p = function(x, q, lower) plogis(log(pmax(x, 0)), log(q[2]), 1 / q[1], lower.tail = lower, log.p = TRUE)
  )),
  "rayleigh" = list("scale", list(
    d = function(x, q) dweibull(x, 2, sqrt(2) * q, log = TRUE),
    p = function(x, q, lower) pweibull(x, 2, sqrt(2) * q, lower.tail = lower, log.p = TRUE)
  )),
  "inverse gaussian" = list(c("mean", "shape"), plain(
    function(x, mean, shape, log) statmod::dinvgauss(x, mean, shape, log = log),
    function(x, mean, shape, lower.tail, log.p) statmod::pinvgauss(x, mean, shape, lower.tail = lower.tail, log.p = log.p)
  )),
  "student t" = list(c("df", "loc", "scale"), list(
    d = function(x, q) dt((x - q[2]) / q[3], q[1], log = TRUE) - log(q[3]),
    p = function(x, q, lower) pt((x - q[2]) / q[3], q[1], lower.tail = lower, log.p = TRUE)
  )),
  "pareto" = list(c("shape", "scale"), list(
    d = function(x, q) ifelse(x < q[2], -Inf, log(q[1]) + q[1] * log(q[2]) - (q[1] + 1) * log(x)),
    p = function(x, q, lower) {
      tail <- ifelse(x < q[2], 0, q[1] * (log(q[2]) - log(pmax(x, q[2]))))
      if (lower) log1mexp(tail) else tail
    }
  )),
  "poisson" = list("rate", plain(dpois, ppois)),
  "geometric" = list("prob", plain(dgeom, pgeom)),
  "negative binomial" = list(c("mean", "dispersion"), list(
    d = function(x, q) dnbinom(x, mu = q[1], size = 1 / q[2], log = TRUE),
    p = function(x, q, lower) pnbinom(x, mu = q[1], size = 1 / q[2], lower.tail = lower, log.p = TRUE)
  ))
)
counts <- c("poisson", "geometric", "negative binomial")

# ---- data and the log likelihood

rows_of <- function(name) {
  d <- fromJSON(file.path("data", paste0(name, ".json")))
  if (!is.null(d$values)) {
    low <- high <- d$values
  } else if (!is.null(d$time)) {
    low <- d$time
    high <- ifelse(d$event == 1, d$time, Inf)
  } else {
    low <- ifelse(is.na(d$lower), -Inf, d$lower)
    high <- ifelse(is.na(d$upper), Inf, d$upper)
  }
  n <- length(low)
  full <- function(v, otherwise) {
    if (is.null(v)) rep(otherwise, n) else ifelse(is.na(rep_len(v, n)), otherwise, rep_len(v, n))
  }
  list(
    kind = d$kind, low = low, high = high, weight = full(d$weights, 1),
    entry = full(d$entry, -Inf), exit = full(d$exit, Inf),
    truncated = !is.null(d$entry) || !is.null(d$exit), weighted = !is.null(d$weights)
  )
}

log_between <- function(law, low, high, q) {
  below <- law$p(low, q, TRUE)
  upper <- below > log(0.5)
  big <- ifelse(upper, law$p(low, q, FALSE), law$p(high, q, TRUE))
  small <- ifelse(upper, law$p(high, q, FALSE), below)
  ifelse(small == -Inf, big, big + log1mexp(pmin(small - big, 0)))
}

log_likelihood <- function(rows, law, q) {
  exact <- rows$low == rows$high
  term <- numeric(length(exact))
  term[exact] <- law$d(rows$low[exact], q)
  term[!exact] <- log_between(law, rows$low[!exact], rows$high[!exact], q)
  if (rows$truncated) term <- term - log_between(law, rows$entry, rows$exit, q)
  sum(rows$weight * term)
}

# ---- oracles: each returns estimates in our parameters, and errors where the package gives them

by_survreg <- function(rows, family, df = NULL) {
  dist <- c(
    "normal" = "gaussian", "student t" = "t", "gumbel" = "extreme",
    "exponential" = "exponential", "weibull" = "weibull", "lognormal" = "lognormal",
    "loglogistic" = "loglogistic", "logistic" = "logistic", "rayleigh" = "rayleigh"
  )[[family]]
  sign <- if (family == "gumbel") -1 else 1
  low <- if (sign < 0) -rows$high else rows$low
  high <- if (sign < 0) -rows$low else rows$high
  low[low == -Inf | (low == 0 & family %in% c("exponential", "weibull", "lognormal", "loglogistic", "rayleigh"))] <- NA
  high[high == Inf] <- NA
  y <- Surv(low, high, type = "interval2")
  w <- rows$weight
  keep <- w > 0
  d <- list(y = y[keep], w = w[keep])
  control <- survreg.control(rel.tolerance = 1e-14, maxiter = 200)
  f <- if (is.null(df)) {
    survreg(y ~ 1, data = d, weights = w, dist = dist, control = control)
  } else {
    survreg(y ~ 1, data = d, weights = w, dist = dist, parms = df, control = control)
  }
  m <- unname(coef(f))
  s <- f$scale
  e <- sqrt(diag(f$var))
  by <- sprintf("%s: survreg(%s ~ 1, dist = \"%s\"%s)", version("survival"), if (sign < 0) "-y" else "y", dist, if (is.null(df)) "" else sprintf(", parms = %g", df))
  pair <- switch(family,
    "exponential" = list(exp(-m), exp(-m) * e[1]),
    "rayleigh" = list(exp(m) / sqrt(2), exp(m) / sqrt(2) * e[1]),
    "weibull" = , "loglogistic" = list(c(1 / s, exp(m)), c(e[2] / s, exp(m) * e[1])),
    "student t" = list(c(df, m, s), c(NA, e[1], s * e[2])),
    list(c(sign * m, s), c(e[1], s * e[2]))
  )
  list(by = by, estimates = pair[[1]], errors = pair[[2]], reported = f$loglik[2])
}

fitted_words <- list(
  "normal" = "norm", "lognormal" = "lnorm", "exponential" = "exp", "weibull" = "weibull", "gamma" = "gamma",
  "beta" = "beta", "logistic" = "logis", "cauchy" = "cauchy", "poisson" = "pois", "geometric" = "geom",
  "negative binomial" = "nbinom"
)

by_fitdist <- function(rows, family) {
  word <- fitted_words[[family]]
  exact <- all(rows$low == rows$high)
  more <- if (rows$weighted) list(weights = as.integer(rows$weight)) else list()
  x <- rows$low
  if (exact) {
    f <- suppressWarnings(do.call(fitdist, c(list(x, word), more)))
  } else {
    low <- ifelse(rows$low == -Inf, NA, rows$low)
    high <- ifelse(rows$high == Inf, NA, rows$high)
    f <- suppressWarnings(do.call(fitdistcens, c(list(data.frame(left = low, right = high), word), more)))
  }
  q <- unname(f$estimate)
  e <- if (is.null(f$sd)) rep(NA, length(q)) else unname(f$sd)
  by <- sprintf("%s: %s(x, \"%s\"%s)", version("fitdistrplus"), if (exact) "fitdist" else "fitdistcens", word, if (rows$weighted) ", weights = w" else "")
  pair <- switch(family,
    "gamma" = list(c(q[1], 1 / q[2]), c(e[1], e[2] / q[2]^2)),
    "negative binomial" = list(c(q[2], 1 / q[1]), c(e[2], e[1] / q[1]^2)),
    list(q, e)
  )
  list(by = by, estimates = pair[[1]], errors = pair[[2]], reported = f$loglik)
}

by_aftreg <- function(rows, family) {
  entry <- ifelse(rows$entry == -Inf, 0, rows$entry)
  f <- eha::aftreg(Surv(entry, rows$low, as.numeric(rows$low == rows$high)) ~ 1, dist = family, param = "lifeExp")
  q <- exp(unname(f$coefficients))
  e <- sqrt(diag(f$var)) * q
  list(
    by = sprintf("%s: aftreg(Surv(entry, time, event) ~ 1, dist = \"%s\")", version("eha"), family),
    estimates = rev(q), errors = rev(unname(e)), reported = f$loglik[2]
  )
}

by_vglm <- function(rows, family) {
  suppressMessages(library(VGAM))
  w <- rows$weight
  x <- rows$low
  tight <- vglm.control(epsilon = 1e-13, maxit = 200)
  if (rows$truncated && family == "poisson") {
    f <- vglm(x ~ 1, pospoisson(), weights = w, control = tight)
    q <- exp(unname(coef(f)))
    e <- q * sqrt(diag(vcov(f)))
    word <- "pospoisson()"
  } else if (rows$truncated && family == "negative binomial") {
    f <- vglm(x ~ 1, posnegbinomial(), weights = w, control = vglm.control(epsilon = 1e-10, maxit = 200))
    q <- exp(unname(coef(f)))
    q <- c(q[1], 1 / q[2])
    e <- c(NA, NA)
    word <- "posnegbinomial()"
  } else {
    event <- rows$low == rows$high
    y <- SurvS4(ifelse(event, x, x + 1), as.numeric(event))
    f <- vglm(y ~ 1, cens.poisson(), weights = w, control = tight)
    q <- exp(unname(coef(f)))
    e <- q * sqrt(diag(vcov(f)))
    word <- "cens.poisson()"
  }
  detach("package:VGAM")
  list(by = sprintf("%s: vglm(y ~ 1, %s)", version("VGAM"), word), estimates = q, errors = unname(e), reported = NA)
}

by_optim <- function(rows, family, fixed = list()) {
  law <- laws[[family]]
  names <- law[[1]]
  free <- !(names %in% names(fixed))
  held <- unlist(fixed)[names[!free]]
  positive <- !(names %in% c("mean", "loc", "log_mean")) | family %in% c(counts, "inverse gaussian")
  share <- names == "prob"
  to <- function(u) {
    q <- numeric(length(names))
    q[!free] <- held
    q[free] <- ifelse(share[free], plogis(u), ifelse(positive[free], exp(u), u))
    q
  }
  f <- function(u) {
    v <- suppressWarnings(-log_likelihood(rows, law[[2]], to(u)))
    if (is.finite(v)) v else 1e300
  }
  middle <- ifelse(is.finite(rows$low) & is.finite(rows$high), (rows$low + rows$high) / 2, ifelse(is.finite(rows$low), rows$low, rows$high))
  w <- rows$weight / sum(rows$weight)
  m <- sum(w * middle)
  s <- sqrt(sum(w * (middle - m)^2))
  lm <- sum(w * log(pmax(middle, 1e-3)))
  ls <- max(0.1, sqrt(sum(w * (log(pmax(middle, 1e-3)) - lm)^2)))
  start <- switch(family,
    "normal" = , "logistic" = , "gumbel" = , "laplace" = , "cauchy" = c(m, s / 2),
    "student t" = c(5, m, s), "lognormal" = c(lm, ls), "exponential" = 1 / m, "poisson" = m,
    "weibull" = , "loglogistic" = c(1.2 / ls, exp(lm)), "gamma" = c(m^2 / s^2, s^2 / m), "rayleigh" = m,
    "inverse gaussian" = c(m, m^3 / s^2), "beta" = c(m, 1 - m) * (m * (1 - m) / s^2 - 1),
    "pareto" = c(1, min(middle)), "geometric" = 1 / (1 + m), "negative binomial" = c(m, 1)
  )
  u <- ifelse(share, qlogis(start), ifelse(positive, log(start), start))[free]
  best <- u
  for (round in 1:6) {
    if (length(u) > 1) {
      best <- optim(best, f, control = list(reltol = 1e-15, maxit = 20000))$par
    } else {
      wide <- 3 / round^3
      best <- optimize(f, c(best - wide, best + wide), tol = 1e-12)$minimum
    }
  }
  climbed <- try(optim(best, f, method = "BFGS", control = list(reltol = 1e-15)), silent = TRUE)
  if (!inherits(climbed, "try-error") && climbed$value < f(best)) best <- climbed$par
  list(
    by = sprintf("stats %s: optim on R's own densities and tails", getRversion()), estimates = to(best),
    errors = rep(NA, length(names)), reported = NA
  )
}

# ---- the cases: data set, then family with its oracle

# Parameters named in `limit` rise without end, to where the family has a closed end of its range.
case <- function(data, families, oracle, fixed = list(), limit = list()) {
  for (family in families) {
    rows <- rows_of(data)
    r <- switch(oracle,
      survreg = by_survreg(rows, family, fixed$df),
      fitdist = tryCatch(by_fitdist(rows, family), error = function(e) by_optim(rows, family)),
      aftreg = by_aftreg(rows, family), vglm = by_vglm(rows, family), optim = by_optim(rows, family, fixed)
    )
    names <- laws[[family]][[1]]
    value <- log_likelihood(rows, laws[[family]][[2]], r$estimates)
    if (!is.na(r$reported) && abs(r$reported - value) > 1e-3) {
      message(sprintf("%s %s: reported %.6f, on the scale of the data %.6f", data, family, r$reported, value))
    }
    named <- function(v) as.list(setNames(v, names))
    entry <- list(
      data = data, family = family, kind = rows$kind, fixed = fixed,
      oracle = list(by = r$by, estimates = named(r$estimates), errors = named(r$errors), log_likelihood = value)
    )
    if (length(fixed) == 0) entry$fixed <- NULL
    if (length(limit) > 0) entry$limit <- limit
    cases[[length(cases) + 1]] <<- entry
  }
}
cases <- list()

times <- c("exponential", "weibull", "lognormal", "loglogistic")
case("lung", c(times, "rayleigh", "normal", "logistic", "gumbel"), "survreg")
case("lung", "student t", "survreg", list(df = 4))
case("lung", "gamma", "fitdist")
case("lung", c("inverse gaussian", "cauchy", "laplace"), "optim")
case("ovarian", times, "survreg")
case("ovarian", "gamma", "fitdist")
case("leukaemia", c("exponential", "weibull", "lognormal", "normal"), "survreg")
case("leukaemia", c("gamma", "inverse gaussian"), "optim")
case("veterans", times, "survreg")
case("veterans", "gamma", "fitdist")
case("veterans", "inverse gaussian", "optim")
case("mantel_rats", c("weibull", "lognormal", "gumbel"), "survreg")
case("catheters", c("weibull", "lognormal"), "survreg")
case("stanford", c("weibull", "lognormal"), "survreg")
case("remission", c("exponential", "weibull", "loglogistic", "rayleigh"), "survreg")
case("class_b_170", c("lognormal", "weibull"), "survreg")
case("class_b_190", "lognormal", "survreg")
case("class_b_220", "lognormal", "survreg")
case("fans", c("exponential", "weibull", "lognormal"), "survreg")
case("capacitors", c("normal", "logistic"), "survreg")
case("capacitors", "student t", "survreg", list(df = 5))
case("larynx", c("weibull", "loglogistic"), "survreg")
case("tongue", c("exponential", "lognormal"), "survreg")
case("melanoma", c("exponential", "weibull"), "survreg")
case("locomotives", c("lognormal", "weibull", "normal"), "survreg")
case("locomotives", "gamma", "fitdist")
case("pike_rats", c("weibull", "lognormal"), "survreg")
case("pike_rats_other_group", c("weibull", "loglogistic"), "survreg")
case("reliability_12", "weibull", "survreg")
case("reliability_57", "weibull", "survreg")
case("weibull_23", "weibull", "survreg")
case("surpyval_50", "weibull", "survreg")
case("danish_fires_capped", "pareto", "optim", list(scale = 1))
case("danish_fires_capped", c("lognormal", "loglogistic"), "survreg")
case("retention_known_to_0.3", "beta", "fitdist")
case("machinists_4_or_more", "poisson", "vglm")
case("machinists_4_or_more", c("negative binomial", "geometric"), "optim")
case("fir_seedlings_5_or_more", "poisson", "vglm")
case("fir_seedlings_5_or_more", "negative binomial", "optim")
case("absence_over_30", c("negative binomial", "geometric"), "optim")

case("shares_beyond_2_percent", c("normal", "logistic"), "survreg")
case("shares_beyond_2_percent", "student t", "survreg", list(df = 5))
case("shares_beyond_2_percent", c("student t", "cauchy", "laplace"), "optim")
case("tobin", c("normal", "logistic"), "survreg")
case("tobin", "gumbel", "survreg")
case("baboons", c("normal", "logistic", "gumbel"), "survreg")
case("fluazinam", c("lognormal", "loglogistic", "weibull"), "survreg")
case("salinity", c("lognormal", "weibull"), "survreg")
case("salinity", "gamma", "fitdist")
case("smoked_fish", c("lognormal", "loglogistic", "weibull"), "survreg")
case("smoked_fish", "gamma", "optim")
case("radiotherapy", c(times, "rayleigh"), "survreg")
case("radio_and_chemotherapy", c("weibull", "lognormal"), "survreg")
case("radio_and_chemotherapy", "gamma", "fitdist")
case("turbine_wheels", c("weibull", "lognormal"), "survreg")
case("turbine_parts", c("weibull", "lognormal"), "survreg")
case("lifelines_1250", c("weibull", "lognormal"), "survreg")
case("lifelines_827", c("weibull", "lognormal"), "survreg")
case("dental_claims", c("exponential", "lognormal", "loglogistic"), "survreg")
case("dental_claims", "gamma", "optim")
case("criminals", c("normal", "logistic", "gumbel"), "survreg")
case("criminals", "student t", "survreg", list(df = 20))
case("chests", "normal", "survreg")
case("chests", "laplace", "optim")
case("venice_maxima_whole_cm", "gumbel", "survreg")

case("channing_men", c("weibull", "loglogistic", "lognormal"), "optim")
case("channing_men", c("normal", "gumbel", "gamma"), "optim")
case("channing_women", "weibull", "aftreg")
case("channing_women", c("normal", "logistic", "lognormal"), "optim")
case("psychiatric", "weibull", "aftreg")
case("psychiatric", "normal", "optim")
case("azt", "weibull", "aftreg")
case("azt", "lognormal", "optim")
case("myeloma", "weibull", "aftreg")
case("myeloma", c("exponential", "gamma", "loglogistic"), "optim")
case("french_men", "weibull", "aftreg")
case("french_men", c("normal", "logistic"), "optim")
case("transfusions", "normal", "optim")
case("danish_fires_above_10", "pareto", "optim", list(scale = 1))
case("danish_fires_above_10", c("lognormal", "loglogistic"), "optim")
case("danish_fires_2_to_20", "pareto", "optim", list(scale = 1))
case("shares_within_2_percent", c("student t", "normal", "logistic", "cauchy", "laplace"), "optim")
case("claims_within_limits", c("exponential", "weibull", "lognormal", "gamma"), "optim")
case("retention_above_0.22", c("beta", "normal"), "optim")
case("retention_above_0.22", "student t", "optim", limit = list(df = "inf"))
case("chests_36_to_43", c("normal", "logistic"), "optim")
case("venice", c("gumbel", "exponential"), "optim")
case("walkers", "poisson", "vglm")
case("belgian_claimants", "poisson", "vglm")
case("belgian_claimants", "geometric", "optim")
case("toxocara_infested", c("poisson", "negative binomial"), "vglm")
case("absence_some", c("geometric", "negative binomial"), "optim")

case("air_conditioning", c("exponential", "weibull", "gamma"), "fitdist")
case("newcomb", c("normal", "cauchy", "logistic"), "fitdist")
case("newcomb", c("student t", "laplace"), "optim")
case("ground_beef", c("weibull", "gamma", "lognormal"), "fitdist")
case("endosulfan", "lognormal", "fitdist")
case("endosulfan", "loglogistic", "survreg")
case("danish_fires", "lognormal", "fitdist")
case("danish_fires", c("loglogistic", "inverse gaussian"), "optim")
case("ten_failures", "weibull", "fitdist")
case("claims", c("weibull", "gamma"), "fitdist")
case("retention", "beta", "fitdist")
case("waves", "weibull", "survreg")
case("glass_fibres", c("weibull", "logistic"), "fitdist")
case("glass_fibres", "student t", "optim")
case("venice_maxima", "gumbel", "survreg")
case("venice_maxima", "rayleigh", "survreg")
case("alpha_particles", "poisson", "fitdist")
case("horse_kicks", "poisson", "fitdist")
case("flying_bombs", "poisson", "fitdist")
case("belgian_drivers", "poisson", "fitdist")
case("belgian_drivers", "negative binomial", "optim") # fitdist stops 0.49 below
case("mites", "negative binomial", "fitdist")
case("machinists", c("poisson", "negative binomial", "geometric"), "fitdist")
case("fir_seedlings", c("poisson", "negative binomial"), "fitdist")
case("toxocara", c("poisson", "negative binomial"), "fitdist")
case("absence", c("geometric", "negative binomial"), "fitdist")

json <- vapply(cases, function(c) toString(toJSON(c, auto_unbox = TRUE, digits = NA, na = "null")), "")
cat("[\n", paste(json, collapse = ",\n"), "\n]\n", file = "cases.json", sep = "")
message(length(cases), " cases")
