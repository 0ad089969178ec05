import Type from 'typebox';
import { type Instant, showInstant } from '../../kernel/clock.ts';
import { showId } from '../../kernel/id.ts';
import {
  Code,
  InstantText,
  idOf,
  nullable,
  object,
  pageOf,
  text,
} from '../../platform/web/schema.ts';
import { ALERT_DAYS, type DossierAlert } from './alerts.ts';
import { DOSSIER_KINDS, type Dossier, isValidAt, STATUSES } from './dossier.ts';

export const Kind = Type.Enum(DOSSIER_KINDS, {
  description:
    'That the issuer’s credit was certified; that a third party assessed it; that its issuing was filed with an authority.',
});
const Status = Type.Enum(STATUSES, {
  description: '`suspended` may become `valid` again; `revoked` is for good.',
});
const Until = { ...InstantText, description: 'Not included.' };
const Checked = {
  ...InstantText,
  description: 'When somebody last asked the issuing body about it.',
};
const Reference = text(500);

export const NewDossier = object(
  {
    programme: Type.Optional(Code),
    merchantId: idOf('merchant'),
    kind: Kind,
    documentNo: text(128),
    issuingBody: text(200),
    validFrom: InstantText,
    validUntil: Until,
    checkedAt: Checked,
    reference: {
      ...Reference,
      description: 'Where the document itself is kept: an address, a file number.',
    },
    actor: text(100),
  },
  { title: 'NewDossier' },
);

export const ChangeDossier = object(
  {
    status: Type.Optional(Status),
    validUntil: Type.Optional(Until),
    checkedAt: Type.Optional(Checked),
    reference: Type.Optional(Reference),
    reason: text(500),
    actor: text(100),
  },
  { title: 'ChangeDossier' },
);

const stands = {
  documentNo: Type.String(),
  issuingBody: Type.String(),
  validFrom: InstantText,
  validUntil: InstantText,
  status: Status,
  checkedAt: InstantText,
  reference: Type.String(),
  reason: nullable(Type.String()),
  changedAt: InstantText,
  actor: Type.String(),
};
const dossier = {
  id: idOf('dossier'),
  programme: Code,
  merchantId: idOf('merchant'),
  kind: Kind,
  ...stands,
  valid: Type.Boolean({ description: 'Now, by the programme’s clock.' }),
};
export const DossierShown = object(dossier, { title: 'Dossier' });
export const DossierPage = pageOf(DossierShown, 'DossierPage');
export const DossierHistory = object(
  {
    ...dossier,
    changes: Type.Array(object({ number: Type.Integer(), ...stands }, { title: 'DossierChange' }), {
      description: 'As it was made and changed, the oldest first.',
    }),
  },
  { title: 'DossierWithChanges' },
);

export const SetRequirement = object(
  {
    programme: Type.Optional(Code),
    kinds: Type.Array(Kind, {
      maxItems: DOSSIER_KINDS.length,
      uniqueItems: true,
      description: 'What every merchant needs to issue; empty: nothing.',
    }),
    from: Type.Optional({
      ...InstantText,
      description: 'By the programme’s clock, not in the past. Without it, at once.',
    }),
    actor: text(100),
  },
  { title: 'SetDossierRequirement' },
);
export const RequirementShown = object(
  {
    programme: Code,
    number: Type.Integer(),
    kinds: Type.Array(Kind),
    from: InstantText,
    setAt: InstantText,
    actor: Type.String(),
  },
  { title: 'DossierRequirement' },
);
export const RequirementList = object(
  { items: Type.Array(RequirementShown) },
  { title: 'DossierRequirements' },
);

export const AlertShown = object(
  {
    merchantId: idOf('merchant'),
    kind: Kind,
    level: Type.Enum(['days_30', 'days_7', 'days_1', 'lapsed', 'missing'], {
      description: `That it ends within so many days (${ALERT_DAYS.join(', ')}), has, or never was there.`,
    }),
    until: nullable(InstantText),
    required: Type.Boolean({ description: 'Without it the merchant may not issue.' }),
  },
  { title: 'DossierAlert' },
);
export const AlertPage = pageOf(AlertShown, 'DossierAlertPage');

const showStands = (each: Dossier) => ({
  documentNo: each.documentNo,
  issuingBody: each.issuingBody,
  validFrom: showInstant(each.validFrom),
  validUntil: showInstant(each.validUntil),
  status: each.status,
  checkedAt: showInstant(each.checkedAt),
  reference: each.reference,
  reason: each.reason,
  changedAt: showInstant(each.changedAt),
  actor: each.actor,
});

export function showDossier(each: Dossier, programme: string, now: Instant) {
  return {
    id: showId('dossier', each.id),
    programme,
    merchantId: showId('merchant', each.merchant),
    kind: each.kind,
    ...showStands(each),
    valid: isValidAt(each, now),
  };
}

export const showChange = (each: Dossier) => ({ number: each.number, ...showStands(each) });

export function showAlert({ merchant, kind, level, until, isRequired }: DossierAlert) {
  return {
    merchantId: showId('merchant', merchant),
    kind,
    level: (typeof level === 'number' ? `days_${level}` : level) as Type.Static<
      typeof AlertShown
    >['level'],
    until: until === null ? null : showInstant(until),
    required: isRequired,
  };
}
