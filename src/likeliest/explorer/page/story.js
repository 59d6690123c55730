// The steps from probability to cross entropy, told on the data at hand.

import { counted, shown } from "./numbers.js";

export const STEPS = [
  { name: "Explore", parts: ["costs", "surface", "rows", "descent", "numbers"] },
  { name: "Probability", parts: ["event"] },
  { name: "Likelihood", parts: ["rows", "numbers"] },
  { name: "Log likelihood", parts: ["rows", "numbers"] },
  { name: "Maximum likelihood", parts: ["surface", "numbers"] },
  { name: "Negative log likelihood", parts: ["costs", "rows", "numbers"] },
  { name: "Gradient descent", parts: ["surface", "descent", "numbers"] },
  { name: "Cross entropy", parts: ["costs", "numbers"] },
];

// Paragraphs of a step: `family` is what the server says of it, `at` its numbers here.
export function told(step, family, at, between) {
  const height = family.measure === "density" ? "density" : "probability";
  const hidden = family.view.survives ? ` Of a value that was not seen itself, it is the probability of what is known of it.` : "";
  const n = counted(family.n, "value");
  const best = family.best && Object.entries(family.best).map(([name, value]) => `${name} ${shown(value)}`).join(", ");
  if (step === 0) {
    return [`${family.about} Drag the parameters and watch how likely they make the data, or follow the steps above in order.`];
  }
  if (step === 1) {
    return [
      "A probability holds the parameters fixed and lets the event vary: how probable is a value between two ends?",
      `It is the ${family.view.whole ? "sum of the points" : family.view.survives ? "fall of the curve" : "area under the curve"} between them: P(${shown(between[0])} ≤ x ≤ ${shown(between[1])}) = ${shown(at.probability, 4)}. Move the ends, then the parameters. The data play no part yet.`,
    ];
  }
  if (step === 2) {
    return [
      `A likelihood holds the data fixed and lets the parameters vary: how well do they explain what was seen? Each value has a ${height} under them, which is the height of its stick.${hidden}`,
      `The likelihood is the product of all ${shown(family.n, 12)}: ${at.likelihood}. Drag the parameters to make it as large as you can.`,
    ];
  }
  if (step === 3) {
    const lost = at.logLikelihood < -745 ? ` Here it is ${at.likelihood}, and floating point makes 0 of it: below 5e−324 it has no other number.` : ` Here it is ${at.likelihood}; of a few hundred values floating point could only say 0.`;
    return [
      `A product of many small numbers soon leaves what a computer can hold.${lost}`,
      `The logarithm makes a sum of the product, ${shown(at.logLikelihood)}, and is greatest at the same parameters: it never falls where the likelihood rises.`,
    ];
  }
  if (step === 4) {
    return [
      "The log likelihood of all parameters is a hill over them, seen from above. Its top is the maximum likelihood estimate: no other parameters make these data likelier.",
      best ? `For ${n} it is ${best}, with a log likelihood of ${shown(family.bestLogLikelihood)}. You are ${shown(Math.max(0, family.bestLogLikelihood - at.logLikelihood), 4)} below it. Climb by hand, or press “Maximum likelihood”.` : family.whyNoBest,
    ];
  }
  if (step === 5) {
    const negative = family.measure === "density" ? " A density can be more than 1, and then its cost is less than 0." : "";
    return [
      `Optimisers go downhill, so the sign is turned: the negative log likelihood, NLL, is ${shown(-at.logLikelihood)}, and least where the likelihood is greatest. Each value costs −log of its ${height}: nothing at 1, and more without end towards 0, so a value far out costs most.${negative}`,
      `On average a value costs ${shown(-at.logLikelihood / family.n)} nats. That mean does not grow with the number of values, and is the loss that networks are trained by.`,
    ];
  }
  if (step === 6) {
    return [
      "Where no formula gives the estimate, one walks down: the slope of the mean NLL says which way is up, and each step goes the other way by the rate of learning times the slope. Parameters that must be positive are walked by their logarithm.",
      "Take steps and watch the path. A low rate creeps; a high one overshoots, and may never arrive.",
    ];
  }
  const gap = family.best ? ` The likeliest costs ${shown(-family.bestLogLikelihood / family.n)}: these parameters waste ${shown(Math.max(0, (family.bestLogLikelihood - at.logLikelihood) / family.n), 4)} a value.` : "";
  const mean = -at.logLikelihood / family.n;
  const parts = at.entropy === undefined ? at.whyNoDivergence ?? "" : `Were the likeliest ${family.family} the truth, the next value would cost its entropy, ${shown(at.entropy, 5)}, and on top the divergence of these parameters from it, ${shown(at.divergence, 5)}: a cross entropy of ${shown(at.entropy + at.divergence, 5)}. Only the divergence depends on what you drag, and it is 0 at the maximum.`;
  return [
    `The mean NLL is the cross entropy of the data and the model: ${shown(mean)} nats a value, ${shown(mean / Math.LN2)} bits.${gap}`,
    `${parts} A language model is trained by the same number, a symbol of the text in place of a value.`,
  ];
}
