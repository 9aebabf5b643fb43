/** The first of `length` places for which `isBelow` is false; it must be true up to there and false from there on. By halving. */
export function lowerBound(length: number, isBelow: (i: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBelow(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
