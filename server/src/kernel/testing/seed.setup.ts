import fc from 'fast-check';
import { testSeed } from './seed.ts';

// Properties that name no seed of their own; fast-check prints it when one fails.
fc.configureGlobal({ seed: testSeed('fast-check') });
