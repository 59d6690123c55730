# Regressions of published data by R: survreg, glm, glm.nb, vglm, pscl. Writes data/*.csv and models.json.
#
#   Rscript models.R
#
# Coefficients stand in the order of likeliest's: main parameter first, its columns as R orders them.
# Standard errors (errors) are those of the observed information, or (expected) of the expected one.
suppressMessages({
  library(survival); library(MASS); library(VGAM); library(jsonlite); library(pscl)
})

write <- function(name, frame) {
  write.csv(frame, file.path("data", paste0(name, ".csv")), row.names = FALSE, quote = FALSE)
  frame
}

lung$died <- as.integer(lung$status == 2)
lung <- write("lung", lung[c("time", "died", "age", "sex", "ph.ecog", "ph.karno", "wt.loss")])
names(lung) <- gsub("\\.", "_", names(lung))
lung <- write("lung", lung)
ovarian <- write("ovarian", ovarian[c("futime", "fustat", "age", "rx")])
veteran <- write("veteran", veteran[c("trt", "celltype", "time", "status", "karno", "age", "prior")])
veteran$celltype <- factor(as.character(veteran$celltype))
capacitor <- write("capacitor", capacitor[c("temperature", "voltage", "time", "status")])
motors <- imotor; motors$x <- 1000 / (273.2 + motors$temp)
motors <- write("motors", motors)
leuk <- write("leuk", transform(leuk, ag = as.character(ag)))
stanford <- write("stanford", stanford2[c("time", "status", "age")])
stanford <- stanford[stanford$time > 0, ]
kidney <- write("kidney", transform(kidney, disease = as.character(disease))[c("time", "status", "age", "sex", "disease")])
gehan <- write("gehan", transform(gehan, treat = as.character(treat))[c("time", "cens", "treat")])
quine <- write("quine", data.frame(eth = as.character(quine$Eth), sex = as.character(quine$Sex),
                                   age = as.character(quine$Age), learner = as.character(quine$Lrn),
                                   days = quine$Days))
epil <- write("epil", transform(epil, trt = as.character(trt))[c("y", "trt", "base", "age", "V4")])
births <- write("births", transform(birthwt, race = c("white", "black", "other")[race])[
  c("low", "age", "lwt", "race", "smoke", "ht", "ui", "bwt")])
petrol <- write("petrol", data.frame(batch = as.character(petrol$No), temp = petrol$EP, yield = petrol$Y / 100))
cars32 <- write("cars32", mtcars)
warps <- write("warps", transform(warpbreaks, wool = as.character(wool), tension = as.character(tension)))
sprays <- write("sprays", transform(InsectSprays, spray = as.character(spray)))
infert2 <- write("infert", infert[c("case", "age", "parity", "induced", "spontaneous")])
insurance <- write("insurance", data.frame(district = paste0("d", Insurance$District),
  holders = Insurance$Holders, claims = Insurance$Claims,
  group = c("a", "b", "c", "d")[as.integer(Insurance$Group)]))

cases <- list()
case <- function(...) {
  one <- list(...)
  cases[[length(cases) + 1]] <<- lapply(one, function(v) if (is.list(v) || length(v) != 1) v else unbox(v))
}
TIGHT <- survreg.control(maxiter = 200, rel.tolerance = 1e-14)
FAMILIES <- list(
  weibull = list("weibull", "shape", -1), lognormal = list("lognormal", "log_std", 1),
  loglogistic = list("loglogistic", "shape", -1), exponential = list("exponential", "", 0),
  rayleigh = list("weibull", "", 0), gaussian = list("normal", "std", 1),
  logistic = list("logistic", "scale", 1), t = list("student t", "scale", 1)
)
survival <- function(data, frame, formula, dist, ours, words, weights = NULL, fixed = NULL) {
  k <- FAMILIES[[dist]]
  more <- if (dist == "t") list(parms = 5) else list()
  frame$w_ <- if (is.null(weights)) 1 else frame[[weights]]
  fit <- do.call(survreg, c(list(formula, data = frame, dist = dist, weights = quote(w_), control = TIGHT), more))
  b <- coef(fit); se <- sqrt(diag(vcov(fit)))
  if (k[[2]] != "") {
    b <- c(b, k[[3]] * log(fit$scale))
  }
  if (dist == "t") fixed <- list(df = unbox(5))
  if (dist == "rayleigh") fixed <- list(shape = unbox(2))
  if (!is.null(weights)) words$weights <- weights
  case(data = data, family = k[[1]], formula = ours, words = lapply(words, unbox), fixed = fixed,
       by = "survreg", coefficients = as.numeric(b), errors = as.numeric(se),
       log_likelihood = fit$loglik[2])
}
DISTS <- c("weibull", "lognormal", "loglogistic", "exponential")
d <- list(event = "died")
for (dist in DISTS) {
  survival("lung", lung, Surv(time, died) ~ sex + age, dist, "time ~ sex + age", d)
  survival("ovarian", ovarian, Surv(futime, fustat) ~ age + rx, dist, "futime ~ age + rx", list(event = "fustat"))
  survival("veteran", veteran, Surv(time, status) ~ karno + celltype, dist, "time ~ karno + celltype", list(event = "status"))
  survival("motors", motors[motors$temp > 150, ], Surv(time, status) ~ x, dist, "time ~ x", list(event = "status"))
  survival("leuk", leuk, Surv(time, time > 0) ~ ag + log(wbc), dist, "time ~ ag + log(wbc)", list())
  survival("stanford", stanford, Surv(time, status) ~ age + I(age^2), dist, "time ~ age + I(age**2)", list(event = "status"))
  survival("kidney", kidney, Surv(time, status) ~ age + sex + disease, dist, "time ~ age + sex + disease", list(event = "status"))
  survival("gehan", gehan, Surv(time, cens) ~ treat, dist, "time ~ treat", list(event = "cens"))
}
survival("lung", lung, Surv(time, died) ~ 1, "weibull", "time ~ 1", d)
survival("lung", lung, Surv(time, died) ~ sex, "rayleigh", "time ~ sex", d)
survival("lung", lung, Surv(time, died) ~ sex, "weibull", "time ~ sex", d, weights = "age")
for (dist in c("gaussian", "logistic", "t")) {
  survival("capacitor", capacitor, Surv(time, status) ~ voltage + temperature, dist,
           "time ~ voltage + temperature", list(event = "status"))
  survival("cars32", cars32, Surv(mpg, mpg > 0) ~ wt + am, dist, "mpg ~ wt + am", list())
}

dispersion_of <- function(fit) switch(fit$family$family,
  Gamma = 1 / gamma.shape(fit, it.lim = 100, eps.max = 1e-14)$alpha,
  gaussian = , inverse.gaussian = deviance(fit) / length(fit$y), 1)
linear <- function(data, frame, formula, family, ours, name, links = NULL, exact = FALSE, offset = NULL, others = "") {
  more <- if (is.null(offset)) list() else list(offset = log(frame[[offset]]))
  fit <- do.call(glm, c(list(formula, data = frame, family = family,
    control = glm.control(epsilon = 1e-15, maxit = 100)), more))
  case(data = data, family = name, formula = ours, links = links,
       words = if (is.null(offset)) NULL else list(exposure = unbox(offset)),
       by = "glm", coefficients = as.numeric(coef(fit)),
       errors = if (exact) as.numeric(sqrt(diag(vcov(fit)))) else NULL,
       expected = if (!exact) as.numeric(sqrt(diag(summary(fit)$cov.unscaled) * dispersion_of(fit))) else NULL,
       log_likelihood = if (exact || family$family == "binomial") as.numeric(logLik(fit)) else NULL)
}
linear("warps", warps, breaks ~ wool * tension, poisson(), "breaks ~ wool * tension", "poisson", exact = TRUE)
linear("sprays", sprays, count ~ spray, poisson(), "count ~ spray", "poisson", exact = TRUE)
linear("epil", epil, y ~ log(base) + trt + age + V4, poisson(), "y ~ log(base) + trt + age + V4", "poisson", exact = TRUE)
linear("quine", quine, days ~ eth + sex + age + learner, poisson(), "days ~ eth + sex + age + learner", "poisson", exact = TRUE)
linear("quine", quine, days ~ eth + sex, poisson("sqrt"), "days ~ eth + sex", "poisson", links = list(rate = unbox("sqrt")))
linear("insurance", insurance, claims ~ district + group, poisson(), "claims ~ district + group", "poisson",
       exact = TRUE, offset = "holders")
linear("births", births, low ~ age + lwt + race + smoke + ht + ui, binomial(), "low ~ age + lwt + race + smoke + ht + ui", "bernoulli", exact = TRUE)
linear("births", births, low ~ lwt + smoke, binomial("probit"), "low ~ lwt + smoke", "bernoulli", links = list(prob = unbox("probit")))
linear("births", births, low ~ lwt + smoke, binomial("cloglog"), "low ~ lwt + smoke", "bernoulli", links = list(prob = unbox("cloglog")))
linear("infert", infert2, case ~ age + parity + induced + spontaneous, binomial(), "case ~ age + parity + induced + spontaneous", "bernoulli", exact = TRUE)
linear("cars32", cars32, mpg ~ wt + hp, Gamma("log"), "mpg ~ wt + hp", "gamma")
linear("births", births, bwt ~ lwt + smoke + race, Gamma("log"), "bwt ~ lwt + smoke + race", "gamma")
linear("cars32", cars32, mpg ~ wt + hp, Gamma("inverse"), "mpg ~ wt + hp", "gamma", links = list(mean = unbox("inverse")))
linear("cars32", cars32, mpg ~ wt + hp, inverse.gaussian("log"), "mpg ~ wt + hp", "inverse gaussian")
linear("births", births, bwt ~ lwt + smoke, inverse.gaussian("log"), "bwt ~ lwt + smoke", "inverse gaussian")
linear("cars32", cars32, mpg ~ wt + hp, gaussian(), "mpg ~ wt + hp", "normal")

counts <- function(data, frame, formula, ours) {
  fit <- glm.nb(formula, data = frame, control = glm.control(epsilon = 1e-15, maxit = 200))
  case(data = data, family = "negative binomial", formula = ours, by = "glm.nb",
       coefficients = c(as.numeric(coef(fit)), -log(fit$theta)),
       log_likelihood = as.numeric(logLik(fit)))
}
counts("quine", quine, days ~ eth + sex + age + learner, "days ~ eth + sex + age + learner")
counts("quine", quine, days ~ eth * age, "days ~ eth * age")
counts("epil", epil, y ~ log(base) + trt + age, "y ~ log(base) + trt + age")
counts("warps", warps, breaks ~ wool * tension, "breaks ~ wool * tension")
counts("insurance", insurance, claims ~ log(holders) + district, "claims ~ log(holders) + district")

both <- function(data, frame, formulas, family, ours, name, order, by, links = NULL, formulas_ours) {
  fit <- vglm(formulas, family, data = frame, control = vglm.control(epsilon = 1e-14, maxit = 200))
  b <- coef(fit, matrix = FALSE)[order]
  case(data = data, family = name, formula = ours, formulas = lapply(formulas_ours, unbox), links = links,
       by = "vglm", coefficients = as.numeric(b), expected = if (name != "negative binomial") as.numeric(sqrt(diag(vcov(fit)))[order]) else NULL,
       log_likelihood = as.numeric(logLik(fit)))
}
both("cars32", cars32, mpg ~ wt, uninormal("identitylink", zero = NULL), "mpg ~ wt", "normal", c(1, 3, 2, 4), "vglm",
     formulas_ours = list(std = "~ wt"))
both("quine", quine, days ~ eth, negbinomial(zero = NULL, lsize = "loglink"), "days ~ eth", "negative binomial",
     c(1, 3, 2, 4), "vglm", formulas_ours = list(dispersion = "~ eth"))
cases[[length(cases)]]$coefficients[3:4] <- -cases[[length(cases)]]$coefficients[3:4]
both("births", births, bwt ~ smoke, gamma2("loglink", "loglink", zero = NULL), "bwt ~ smoke", "gamma",
     c(1, 3, 2, 4), "vglm", formulas_ours = list(shape = "~ smoke"))
both("petrol", petrol, yield ~ temp, betaff(zero = NULL), "yield ~ temp", "beta", c(1, 3, 2, 4), "vglm",
     formulas_ours = list(precision = "~ temp"))
both("cars32", cars32, mpg ~ hp, lognormal(zero = NULL), "mpg ~ hp", "lognormal", c(1, 3, 2, 4), "vglm",
     formulas_ours = list(log_std = "~ hp"))
both("cars32", cars32, mpg ~ hp, inv.gaussianff(zero = NULL), "mpg ~ hp", "inverse gaussian", c(1, 3, 2, 4), "vglm",
     formulas_ours = list(shape = "~ hp"))

# Counts with many zeros: pscl's hurdle is the logit of a count above 0, ours of a zero.
biochemists <- write("biochemists", data.frame(art = bioChemists$art, fem = as.character(bioChemists$fem),
  mar = as.character(bioChemists$mar), kid5 = bioChemists$kid5, phd = bioChemists$phd, ment = bioChemists$ment))
biochemists$mar <- relevel(factor(biochemists$mar), "Married")
TERMS <- "fem + mar + kid5 + phd + ment"
zeros <- function(kind, dist, ours, name) {
  control <- if (kind == "zeroinfl") zeroinfl.control(reltol = 1e-16, maxit = 1e5) else hurdle.control(reltol = 1e-16, maxit = 1e5)
  fit <- get(kind)(as.formula(paste("art ~", TERMS)), data = biochemists, dist = dist, control = control)
  sign <- if (kind == "hurdle") -1 else 1
  b <- list(fit$coefficients$count, sign * fit$coefficients$zero)
  if (dist == "negbin") b <- c(b, -log(fit$theta))
  formulas <- list(unbox(paste("~", TERMS))); names(formulas) <- name
  case(data = "biochemists", family = ours, formula = paste("art ~", TERMS), formulas = formulas, by = kind,
       coefficients = as.numeric(unlist(b)), log_likelihood = fit$loglik)
}
linear("biochemists", biochemists, as.formula(paste("art ~", TERMS)), poisson(), paste("art ~", TERMS), "poisson", exact = TRUE)
counts("biochemists", biochemists, as.formula(paste("art ~", TERMS)), paste("art ~", TERMS))
zeros("zeroinfl", "poisson", "zero-inflated poisson", "inflation")
zeros("zeroinfl", "negbin", "zero-inflated negative binomial", "inflation")
zeros("hurdle", "poisson", "hurdle poisson", "zero_share")
zeros("hurdle", "negbin", "hurdle negative binomial", "zero_share")

one_each <- vapply(cases, function(one) toJSON(one[!vapply(one, is.null, TRUE)], digits = I(16), auto_unbox = FALSE), "")
writeLines(c("[", paste0(one_each, c(rep(",", length(one_each) - 1), "")), "]"), "models.json")
