/** What is in points where no type is named. */
export const USUAL_POINT_TYPE = 'points';
