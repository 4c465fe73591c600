// W. J. Cody, Rational Chebyshev approximations for the error function, 1969: three quotients of polynomials, one for
// |x| <= 0.46875, one up to 4 and one beyond, each correct to 18 digits; the coefficients stand from the highest power.
const quotient = (numerator, denominator, x) => {
  const polynomial = (coefficients) => coefficients.reduce((sum, c) => sum * x + c);
  return polynomial(numerator) / polynomial(denominator);
};

const erf_near_0 = (x) =>
  x * quotient(
    [1.85777706184603153e-1, 3.16112374387056560, 1.13864154151050156e2, 3.77485237685302021e2,
      3.20937758913846947e3],
    [1, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3],
    x * x,
  );

// e^(-x²) with x² in two parts, the first of which is exact: rounding x² would cost digits of a large one.
const exp_of_minus_square = (x) => {
  const short = Math.trunc(x * 16) / 16;
  return Math.exp(-short * short) * Math.exp(-(x - short) * (x + short));
};

const erfc_to_4 = (x) =>
  exp_of_minus_square(x) * quotient(
    [2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594, 6.61191906371416295e1,
      2.98635138197400131e2, 8.81952221241769090e2, 1.71204761263407058e3, 2.05107837782607147e3,
      1.23033935479799725e3],
    [1, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2, 1.62138957456669019e3,
      3.29079923573345963e3, 4.36261909014324716e3, 3.43936767414372164e3, 1.23033935480374942e3],
    x,
  );

const erfc_beyond_4 = (x) => {
  const z = 1 / (x * x);
  const correction = z * quotient(
    [1.63153871373020978e-2, 3.05326634961232344e-1, 3.60344899949804439e-1, 1.25781726111229246e-1,
      1.60837851487422766e-2, 6.58749161529837803e-4],
    [1, 2.56852019228982242, 1.87295284992346725, 5.27905102951428412e-1, 6.05183413124413191e-2,
      2.33520497626869185e-3],
    z,
  );
  return (exp_of_minus_square(x) / x) * (1 / Math.sqrt(Math.PI) - correction);
};

const erfc_from_there = (x) => (x <= 4 ? erfc_to_4(x) : x < 28 ? erfc_beyond_4(x) : x >= 28 ? 0 : x);

const erf = (x) => (Math.abs(x) <= 0.46875 ? erf_near_0(x) : Math.sign(x) * (1 - erfc_from_there(Math.abs(x))));

const erfc = (x) => {
  if (Math.abs(x) <= 0.46875) return 1 - erf_near_0(x);
  return x < 0 ? 2 - erfc_from_there(-x) : erfc_from_there(x);
};
