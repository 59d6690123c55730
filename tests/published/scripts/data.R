# Write data/NAME.json for the data sets that R and its packages carry; the others in data/ name
# ismev or evir, which carry them too, or were typed from print. Run from tests/published:
#
#     Rscript scripts/data.R
#
# Needs boot, fitdistrplus, KMsurv, MASS, survival, VGAM, actuar. Every set names the publication
# that the data come from. A null is an open end; a time whose event is 0 is a lower bound.

suppressMessages({
  library(jsonlite)
  library(survival)
})

from <- function(set, package) {
  get(data(list = set, package = package, envir = environment()), envir = environment())
}

compact <- function(x) {
  if (is.character(x)) return(toString(toJSON(x, auto_unbox = TRUE)))
  shown <- ifelse(is.finite(x), trimws(formatC(x, digits = 15, format = "g")), "null")
  if (is.null(attr(x, "one"))) paste0("[", paste(shown, collapse = ","), "]") else shown
}

one <- function(x) structure(x, one = TRUE)

write <- function(name, kind, source, ...) {
  columns <- list(source = source, kind = kind, ...)
  lines <- vapply(names(columns), function(k) sprintf(" \"%s\": %s", k, compact(columns[[k]])), "")
  cat("{\n", paste(lines, collapse = ",\n"), "\n}\n", file = file.path("data", paste0(name, ".json")), sep = "")
}

# right-censored

write("lung", "right", "Loprinzi et al. (1994), J. Clin. Oncol. 12, 601-607: advanced lung cancer, days",
  time = lung$time, event = lung$status - 1)
write("ovarian", "right", "Edmunson et al. (1979), Cancer Treatment Reports 63, 241-247: ovarian cancer, days",
  time = ovarian$futime, event = ovarian$fustat)
write("leukaemia", "right", "Miller (1981), Survival Analysis, p. 49: remission of acute myelogenous leukaemia, weeks",
  time = aml$time, event = aml$status)
write("veterans", "right", "Kalbfleisch & Prentice (1980), The Statistical Analysis of Failure Time Data, app. 1: lung cancer, days",
  time = veteran$time, event = veteran$status)
write("mantel_rats", "right", "Mantel, Bohidar & Ciminera (1977), Cancer Research 37, 3863-3868: tumours of rats, weeks",
  time = rats$time, event = rats$status)
write("catheters", "right", "McGilchrist & Aisbett (1991), Biometrics 47, 461-466: infection of kidney catheters, days",
  time = kidney$time, event = kidney$status)
write("stanford", "right", "Escobar & Meeker (1992), Biometrics 48, 507-528: survival after heart transplants, days",
  time = stanford2$time, event = stanford2$status)
gehan <- from("gehan", "MASS")
write("remission", "right", "Freireich et al. (1963), Blood 21, 699-716, by Gehan (1965), Biometrika 52, 203-223: remission under 6-MP, weeks",
  time = gehan$time[gehan$treat == "6-MP"], event = gehan$cens[gehan$treat == "6-MP"])
motors <- from("motors", "MASS")
for (at in c(150, 170, 190, 220)) {
  rows <- motors$temp == at
  write(paste0("class_b_", at), "right", sprintf("Nelson & Hahn (1972), Technometrics 14, 247-269: Class-B motor insulation at %d C, hours", at),
    time = motors$time[rows], event = motors$cens[rows])
}
for (at in c(26, 30, 34, 38)) {
  write(paste0("insulating_fluid_", at), "exact", sprintf("Nelson (1970), breakdown of an insulating fluid at %d kV, minutes; by Lawless (1982), Statistical Models and Methods for Lifetime Data; as survival::ifluid", at),
    values = ifluid$time[ifluid$voltage == at])
}
write("fans", "right", "Nelson (1982), Applied Life Data Analysis, p. 133: fans of diesel generators, hours",
  time = genfan$hours, event = genfan$status)
write("capacitors", "right", "Zelen (1959), Technometrics 1, 269-288: life of glass capacitors, hours",
  time = capacitor$time, event = capacitor$status)
larynx <- from("larynx", "KMsurv")
write("larynx", "right", "Kardaun (1983), Statistica Neerlandica 37, 103-126: cancer of the larynx, years",
  time = larynx$time, event = larynx$delta)
tongue <- from("tongue", "KMsurv")
write("tongue", "right", "Sickle-Santanello et al. (1988), Cytometry 9, 594-599: cancer of the tongue, weeks",
  time = tongue$time, event = tongue$delta)
melanoma <- from("Melanoma", "MASS")
write("melanoma", "right", "Andersen, Borgan, Gill & Keiding (1993), Statistical Models Based on Counting Processes: malignant melanoma, days; death of other causes is censoring",
  time = melanoma$time, event = as.numeric(melanoma$status == 1))
write("breast_cancer", "right", "Schumacher et al. (1994), J. Clin. Oncol. 12, 2086-2093: recurrence of breast cancer, days",
  time = gbsg$rfstime, event = gbsg$status)

# left-censored, interval and mixed

shares <- from("SP500", "MASS")
shares <- shares[seq(1, length(shares), 5)]
write("shares_beyond_2_percent", "mixed", "Venables & Ripley (2002), Modern Applied Statistics with S: returns of the S&P 500 in the 1990s, per cent, every fifth day; beyond 2 either way only that is kept",
  lower = ifelse(shares < -2, NA, pmin(shares, 2)), upper = ifelse(shares > 2, NA, pmax(shares, -2)))
inside <- shares[abs(shares) < 2]
write("shares_within_2_percent", "entry, exit", "Venables & Ripley (2002), Modern Applied Statistics with S: returns of the S&P 500 in the 1990s, per cent, every fifth day; days beyond 2 either way are left out",
  values = inside, entry = one(-2), exit = one(2))

fluazinam <- from("fluazinam", "fitdistrplus")
write("fluazinam", "mixed", "Van Wijngaarden et al. (2010), Ecotoxicol. Environ. Saf. 73, 109-122: tolerance of fluazinam, ug/l",
  lower = fluazinam$left, upper = fluazinam$right)
salinity <- from("salinity", "fitdistrplus")
write("salinity", "mixed", "Kefford et al. (2006), Can. J. Fish. Aquat. Sci. 63, 1865-1877: tolerance of salinity, mS/cm",
  lower = salinity$left, upper = salinity$right)
fish <- from("smokedfish", "fitdistrplus")
write("smoked_fish", "mixed", "Busschaert et al. (2010), Int. J. Food Microbiol. 138, 260-269: Listeria in smoked fish, CFU/g",
  lower = fish$left, upper = fish$right)
breast <- from("bcdeter", "KMsurv")
for (arm in 1:2) {
  rows <- breast$treat == arm
  lower <- breast$lower[rows]
  write(c("radiotherapy", "radio_and_chemotherapy")[arm], "interval",
    "Beadle et al. (1984), Cancer 54, 2911-2918: deterioration of the breast after treatment, months",
    lower = ifelse(lower == 0, NA, lower), upper = breast$upper[rows])
}
write("tobin", "left", "Tobin (1958), Econometrica 26, 24-36: spending on durable goods; at 0 and below only that",
  lower = ifelse(tobin$durable > 0, tobin$durable, NA), upper = tobin$durable)
baboon <- from("baboon", "KMsurv")
write("baboons", "left", "Wagner & Altmann (1973), Biometrics 29, 623-635: hour of the descent of a troop of baboons; where the observer came late, an upper bound",
  lower = ifelse(baboon$observed == 1, floor(baboon$time / 100) + baboon$time %% 100 / 60, NA),
  upper = floor(baboon$time / 100) + baboon$time %% 100 / 60)
write("turbine_wheels", "mixed", "Nelson (1982), Applied Life Data Analysis, p. 409: cracked turbine wheels, inspected once, 100 hours",
  lower = c(rep(NA, 10), turbine$hours), upper = c(turbine$hours[-1], rep(NA, 11)),
  weights = c(turbine$failed[-1], turbine$inspected - turbine$failed))
dental <- as.data.frame(unclass(from("gdental", "actuar")))
edges <- c(0, 25, 50, 100, 150, 250, 500, 1000, 1500, 2500, 4000)
write("dental_claims", "interval", "Klugman, Panjer & Willmot (1998), Loss Models: dental claims in classes, dollars",
  lower = edges[-11], upper = edges[-1], weights = c(30, 31, 57, 42, 65, 84, 45, 10, 11, 3))
heights <- colSums(crimtab)
inches <- as.numeric(colnames(crimtab)) / 2.54
write("criminals", "interval", "Macdonell (1902), Biometrika 1, 177-227: heights of 3,000 criminals in classes of an inch",
  lower = round(inches) - 0.5, upper = round(inches) + 0.5, weights = as.numeric(heights))

# truncated

channing <- from("channing", "KMsurv")
channing <- channing[channing$age > channing$ageentry, ]
for (sex in 1:2) {
  rows <- channing$gender == sex
  write(c("channing_men", "channing_women")[sex], "entry, right",
    "Hyde (1980), in Biostatistics Casebook, 31-46: residents of Channing House, months; the four who left in the month of entry are left out",
    time = channing$age[rows], event = channing$death[rows], entry = channing$ageentry[rows])
}
psych <- from("psych", "KMsurv")
write("psychiatric", "entry, right", "Woolson (1981), Biometrics 37, 687-696: age at death of psychiatric inpatients, years",
  time = psych$age + psych$time, event = psych$death, entry = psych$age)
azt <- from("azt", "KMsurv")
write("azt", "entry, right", "Klein & Moeschberger (1997), Survival Analysis, exercise 4.7: AZT, age at death, months",
  time = azt$age, event = azt$death, entry = azt$ageentry)
m <- myeloma[myeloma$futime > myeloma$entry, ]
m <- m[seq(1, nrow(m), 4), ]
write("myeloma", "entry, right", "Kyle (1997), long-term survival in multiple myeloma, as survival::myeloma: multiple myeloma, days from diagnosis; every fourth patient",
  time = m$futime, event = m$death, entry = ifelse(m$entry == 0, NA, m$entry))
men <- from("fremale", "fitdistrplus")
write("french_men", "entry, right", "Dutang (2010), survival of a male population after the French life table TH00-02, years (fictive)",
  time = men$AgeOut, event = men$Death, entry = men$AgeIn)
aids <- from("aids", "KMsurv")
aids <- aids[aids$adult == 1, ]
write("transfusions", "exit", "Kalbfleisch & Lawless (1989), J. Amer. Statist. Assoc. 84, 360-372: from infection by transfusion to AIDS, years; seen only if before mid-1986",
  values = aids$induct, exit = 8 - aids$infect)

# exact and counted

write("air_conditioning", "exact", "Proschan (1963), Technometrics 5, 375-383: air conditioning of aircraft 720, hours between failures",
  values = from("aircondit", "boot")$hours)
write("newcomb", "exact", "Stigler (1977), Ann. Statist. 5, 1055-1098: Newcomb's passage times of light, deviations from 24,800 ns",
  values = from("newcomb", "MASS"))
write("ground_beef", "exact", "Delignette-Muller & Cornu (2008), Int. J. Food Microbiol. 128, 158-164: servings of ground beef, g",
  values = from("groundbeef", "fitdistrplus")$serving)
write("endosulfan", "exact", "Hose & Van den Brink (2004), Arch. Environ. Contam. Toxicol. 47, 511-520: tolerance of endosulfan, ug/l",
  values = from("endosulfan", "fitdistrplus")$ATV)
danish <- from("danishuni", "fitdistrplus")$Loss
write("danish_fires", "exact", "McNeil (1997), ASTIN Bulletin 27, 117-137: Danish fires, million kroner", values = danish)
write("danish_fires_above_10", "entry", "McNeil (1997), ASTIN Bulletin 27, 117-137: Danish fires of more than 10 million kroner, the threshold there",
  values = danish[danish > 10], entry = one(10))
write("danish_fires_capped", "right", "McNeil (1997), ASTIN Bulletin 27, 117-137: Danish fires; of losses of 20 million kroner or more only that is kept",
  time = pmin(danish, 20), event = as.numeric(danish < 20))
write("danish_fires_2_to_20", "entry, exit", "McNeil (1997), ASTIN Bulletin 27, 117-137: Danish fires from 2 to 20 million kroner; the others are left out",
  values = danish[danish > 2 & danish <= 20], entry = one(2), exit = one(20))
rutherford <- from("ruge", "VGAM")
write("alpha_particles", "weights", "Rutherford & Geiger (1910), Phil. Mag. 20, 698-707: alpha particles of polonium in 7.5 s",
  values = rutherford$number, weights = rutherford$counts)
machinists <- from("machinists", "VGAM")
write("machinists", "weights", "Greenwood & Yule (1920), J. Roy. Statist. Soc. 83, 255-279: accidents of machinists in three months",
  values = machinists$accidents, weights = machinists$ofreq)
write("machinists_4_or_more", "right, weights", "Greenwood & Yule (1920), J. Roy. Statist. Soc. 83, 255-279: accidents of machinists; 4 or more are one class",
  time = c(0, 1, 2, 3, 3), event = c(1, 1, 1, 1, 0), weights = c(296, 74, 26, 8, 10))
write("fir_seedlings", "exact", "Davison & Hinkley (1997), Bootstrap Methods, p. 142: balsam-fir seedlings in quadrats",
  values = from("fir", "boot")$count)
fir <- from("fir", "boot")$count
write("fir_seedlings_5_or_more", "right", "Davison & Hinkley (1997), Bootstrap Methods, p. 142: balsam-fir seedlings; of 5 or more only that is kept",
  time = pmin(fir, 4), event = as.numeric(fir <= 4))
write("flying_bombs", "weights", "Clarke (1946), J. Inst. Actuaries 72, 481: hits of flying bombs on squares of London",
  values = from("V1", "VGAM")$hits, weights = from("V1", "VGAM")$ofreq)
cats <- from("toxocara", "fitdistrplus")$number
write("toxocara", "exact", "Fromont et al. (2001), Parasitology 123, 143-151: parasites of feral cats", values = cats)
write("toxocara_infested", "entry", "Fromont et al. (2001), Parasitology 123, 143-151: parasites of the feral cats that have some",
  values = cats[cats > 0], entry = one(0))
days <- from("quine", "MASS")$Days
write("absence", "exact", "Quine (1975), by Aitkin (1978), J. Roy. Statist. Soc. A 141, 195-223: days absent from school", values = days)
write("absence_over_30", "right", "Quine (1975), by Aitkin (1978), J. Roy. Statist. Soc. A 141, 195-223: days absent from school; of more than 30 only that is kept",
  time = pmin(days, 30), event = as.numeric(days <= 30))
write("absence_some", "entry", "Quine (1975), by Aitkin (1978), J. Roy. Statist. Soc. A 141, 195-223: days absent from school of those who were absent",
  values = days[days > 0], entry = one(0))
maxima <- from("venice", "VGAM")$r1
write("venice_maxima", "exact", "Pirazzoli (1982), Acqua Aria 10, 1023-1039: highest tide of each year at Venice, 1931-1981, cm", values = maxima)
write("venice_maxima_whole_cm", "interval", "Pirazzoli (1982), Acqua Aria 10, 1023-1039: highest tide of each year at Venice, in whole cm",
  lower = maxima - 0.5, upper = maxima + 0.5)
venice <- from("venice90", "VGAM")$sealevel
write("venice", "interval, entry", "Pirazzoli (1982), Acqua Aria 10, 1023-1039, and later: floods of Venice of 90 cm and more, whole cm",
  lower = venice - 0.5, upper = venice + 0.5, entry = one(89.5))
write("glass_fibres", "exact", "Smith & Naylor (1987), Appl. Statist. 36, 358-369: strength of glass fibres, 1.5 cm",
  values = c(0.55, 0.93, 1.25, 1.36, 1.49, 1.52, 1.58, 1.61, 1.64, 1.68, 1.73, 1.81, 2.00, 0.74, 1.04, 1.27, 1.39, 1.49, 1.53, 1.59, 1.61, 1.66, 1.68, 1.76, 1.82, 2.01, 0.77, 1.11, 1.28, 1.42, 1.50, 1.54, 1.60, 1.62, 1.66, 1.69, 1.76, 1.84, 2.24, 0.81, 1.13, 1.29, 1.48, 1.50, 1.55, 1.61, 1.62, 1.66, 1.70, 1.77, 1.84, 0.84, 1.24, 1.30, 1.48, 1.51, 1.55, 1.61, 1.63, 1.67, 1.70, 1.78, 1.89))
