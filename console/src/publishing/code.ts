/** The form of codes in the API. */
export const CODE = /^[a-z][a-z0-9-]{0,39}$/;
