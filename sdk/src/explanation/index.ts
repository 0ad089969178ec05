/** Why something earned points, in words that customers and staff read: Chinese and English. */
export {
  type Explained,
  type ExplainedRule,
  type Explanation,
  type ExplanationCode,
  explain,
  explanationWords,
  type SayExplanation,
} from './explain.ts';
export { ENGLISH_EXPLANATION } from './words-en.ts';
export { CHINESE_EXPLANATION } from './words-zh.ts';
