import type { components } from '@hongmi/sdk';

/** A rule with what is in force, announced and drafted of it. */
export type Rule = components['schemas']['Rule'];
