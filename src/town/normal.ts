/** Of the standard normal distribution: the share below a value (Abramowitz and Stegun 26.2.17, error below 1e-7). */
export function shareBelow(value: number): number {
  const k = 1 / (1 + 0.2316419 * Math.abs(value));
  const series =
    k * (0.31938153 + k * (-0.356563782 + k * (1.781477937 + k * (-1.821255978 + k * 1.330274429))));
  const above = 0.3989422804 * Math.exp((-value * value) / 2) * series;
  return value >= 0 ? 1 - above : above;
}

/** The value below which a share lies (Abramowitz and Stegun 26.2.23, error below 5e-4). */
export function valueAt(share: number): number {
  const tail = Math.min(0.5, Math.max(1e-12, Math.min(share, 1 - share)));
  const t = Math.sqrt(-2 * Math.log(tail));
  const value =
    t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  return share < 0.5 ? -value : value;
}
