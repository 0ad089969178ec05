/** A write of the API with a body that it accepts. */
export interface Write {
  readonly method: string;
  readonly path: string;
  readonly good: object;
  readonly optional: readonly string[];
  /** Fields that may be null. */
  readonly nullable?: readonly string[];
}
