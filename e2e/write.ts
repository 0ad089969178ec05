/** A write of the API with a body that it accepts. */
export interface Write {
  readonly method: string;
  readonly path: string;
  readonly good: object;
  readonly optional: readonly string[];
  /** Fields that may be null. */
  readonly nullable?: readonly string[];
  /** All is said by its address; of a `DELETE` it always is. */
  readonly isBare?: true;
}

/** Whether it has no body. */
export const isBare = (write: Write): boolean => write.isBare === true || write.method === 'DELETE';
