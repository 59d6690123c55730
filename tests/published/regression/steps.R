# Stepwise choice of terms by R's MASS::stepAIC, on data that models.R writes, and drawn.csv. Writes steps.json.
#
#   Rscript steps.R
#
# Criteria are those of AIC() and BIC(), which count sigma and theta; stepAIC's own lack constants.
suppressMessages({library(MASS); library(jsonlite)})

quine <- read.csv("data/quine.csv", stringsAsFactors = TRUE)
cars32 <- read.csv("data/cars32.csv")
cars <- lm(mpg ~ cyl + disp + hp + drat + wt + qsec + vs + am + gear + carb, cars32)
drawn <- read.csv("data/drawn.csv")  # normal numbers, drawn so that a term comes back
again <- lm(y ~ a + b + c + d + e, drawn)
days <- glm.nb(days ~ eth * sex * age + learner + eth:learner + sex:learner, quine,
               control = glm.control(epsilon = 1e-12, maxit = 200))

chosen <- function(fit, direction, penalty, data) {
  start <- if (direction == "forward") update(fit, . ~ 1) else fit
  found <- stepAIC(start, scope = list(lower = ~1, upper = formula(fit)), direction = direction,
                   k = penalty, trace = 0)
  list(data = unbox(data), direction = unbox(direction),
       criterion = unbox(if (penalty == 2) "aic" else "bic"),
       terms = attr(terms(found), "term.labels"),
       changes = gsub(" ", "", as.character(found$anova$Step)[-1]),
       value = unbox(if (penalty == 2) AIC(found) else BIC(found)))
}
all <- list(
  chosen(cars, "backward", 2, "cars32"),
  chosen(cars, "forward", 2, "cars32"),
  chosen(cars, "both", log(nrow(cars32)), "cars32"),
  chosen(again, "both", 2, "drawn"),
  chosen(days, "backward", 2, "quine"),
  chosen(days, "forward", log(nrow(quine)), "quine")
)
write(toJSON(all, digits = NA, pretty = FALSE), "steps.json")
