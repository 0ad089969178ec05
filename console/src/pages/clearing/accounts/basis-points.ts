/** In a percent. */
export const BASIS_POINTS = 100;
