import { type IdKind, showId, type Uuid } from '../../kernel/id.ts';
import { PLATFORM } from '../transaction.ts';
import type { Finding } from '../verify-finding.ts';
import { FINDINGS_EN } from './findings-en.ts';
import { FINDINGS_ZH } from './findings-zh.ts';

export type Language = 'en' | 'zh';
export type Facts = Readonly<Record<string, string | number>>;
export type FindingCode = keyof typeof FINDINGS_EN.findings;
export type SubjectCode = keyof typeof FINDINGS_EN.subjects;

/** What is wrong, without saying where. */
export interface Problem {
  readonly code: FindingCode;
  readonly facts: Facts;
}

/** What a finding is about: `transaction txn_…`, `lot lot_…`, `block 7`. */
export interface Subject {
  readonly code: SubjectCode;
  readonly facts: Facts;
}

/** A finding with what it takes to tell it in any language. */
export interface CodedFinding extends Finding, Problem {
  readonly subject: Subject;
}

export function coded(
  place: Pick<Finding, 'shard' | 'block'>,
  subject: Subject,
  what: Problem,
): CodedFinding {
  return { ...place, ...tell(subject, what, 'en'), subject, ...what };
}

export function problem(code: FindingCode, facts: Facts = {}): Problem {
  return { code, facts };
}

/** One that is named by an id. */
export function about(kind: IdKind & SubjectCode, id: Uuid): Subject {
  return { code: kind, facts: { id: showId(kind, id) } };
}

export function aboutMember(member: Uuid): Subject {
  return { code: 'memberAccount', facts: { id: showId('member', member) } };
}

/** An account that is not a member's. */
export function aboutCounterAccount(role: string, owner: Uuid): Subject {
  if (owner === PLATFORM) return { code: 'platformAccount', facts: { role } };
  return { code: 'counterAccount', facts: { role, id: showId('merchant', owner) } };
}

/** What a finding is about and what is wrong with it. */
export function tellFinding(
  finding: CodedFinding,
  language: Language,
): { about: string; message: string } {
  return tell(finding.subject, finding, language);
}

export function tell(
  subject: Subject,
  { code, facts }: Problem,
  language: Language,
): { about: string; message: string } {
  const texts: Readonly<{
    subjects: Readonly<Record<SubjectCode, string>>;
    findings: Readonly<Record<FindingCode, string>>;
  }> = language === 'zh' ? FINDINGS_ZH : FINDINGS_EN;
  const fill = (text: string, values: Facts): string =>
    text.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
  return {
    about: fill(texts.subjects[subject.code], subject.facts),
    message: fill(texts.findings[code], facts),
  };
}
