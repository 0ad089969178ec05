/** Which page of a list is asked for. */
export interface AskedPage {
  readonly cursor?: string;
  readonly limit?: number;
}
