import { area } from './area.ts';
import { ACTOR, at, openStreet } from './street.ts';
import { patch, post, put } from './write.ts';

/** What merchants agree to before they settle: terms, dossiers, money paid beforehand, leaving. */
export const agreements = area(
  [
    'publishTerms',
    'withdrawTerms',
    'keepDossier',
    'changeDossier',
    'setDossierRequirement',
    'announceDeparture',
    'withdrawDeparture',
    'endDeparture',
    'openFundingAccount',
    'changeFundingAccount',
    'bookFunding',
  ],
  async (scene) => {
    const { make } = scene;
    const { programme, terms, issuer, taker, leaver, stayer, gone } = await openStreet(
      scene,
      'agreed',
    );
    const announced = { ...terms, merchantId: taker, from: at('2027-06-01') };
    const [withdrawnId, replacedId] = [
      await make('/clearing/terms', { ...announced, from: at('2027-05-01') }),
      await make('/clearing/terms', announced),
    ];
    const dossier = {
      ...{ programme, merchantId: issuer, kind: 'filing', documentNo: 'F-1' },
      ...{ validFrom: at('2026-01-01'), validUntil: at('2029-01-01'), checkedAt: at('2026-12-01') },
      ...{ issuingBody: 'The bureau', reference: 'cabinet 7', ...ACTOR },
    };
    const dossierId = await make('/dossiers', dossier);
    const leaving = { programme, reason: 'moves', ...ACTOR };
    await make('/clearing/departures', { ...leaving, merchantId: stayer, at: at('2028-01-01') });
    await make('/clearing/departures', { ...leaving, merchantId: gone });
    const account = { programme, merchantId: issuer, alertFen: 100, ...ACTOR };
    const accountId = await make('/clearing/funding/accounts', account);
    const entry = { kind: 'deposit', fen: 1_000, reference: 'T-1', paidOn: '2026-12-31', ...ACTOR };
    await make(`/clearing/funding/accounts/${accountId}/entries`, entry);

    const because = { reason: 'a mistake', ...ACTOR };
    return {
      publishTerms: {
        ...post(
          '/clearing/terms',
          {
            ...announced,
            points: [{ ...terms.points[0], acceptedPointsMax: 5_000 }],
            ...{ creditLimitFen: 100, note: 'as agreed', withdraws: [replacedId] },
            acceptNegativeMargin: { reason: 'for a start' },
          },
          [
            ...['programme', 'merchantId', 'acceptedPointsMax', 'creditLimitFen', 'note', 'from'],
            ...['withdraws', 'acceptNegativeMargin'],
          ],
        ),
        nullable: ['creditLimitFen'],
      },
      withdrawTerms: post(`/clearing/terms/${withdrawnId}/withdrawal`, because),
      keepDossier: post('/dossiers', { ...dossier, documentNo: 'F-2' }, ['programme']),
      changeDossier: post(
        `/dossiers/${dossierId}/changes`,
        {
          ...{ status: 'suspended', validUntil: at('2028-06-01'), checkedAt: at('2026-12-15') },
          ...{ reference: 'cabinet 8', ...because },
        },
        ['status', 'validUntil', 'checkedAt', 'reference'],
      ),
      setDossierRequirement: put(
        '/dossiers/requirement',
        { programme, kinds: ['filing'], from: at('2029-01-01'), ...ACTOR },
        ['programme', 'from'],
      ),
      announceDeparture: post(
        '/clearing/departures',
        { programme, merchantId: leaver, at: at('2028-01-01'), ...because },
        ['programme', 'at'],
      ),
      withdrawDeparture: post(`/clearing/departures/${stayer}/withdrawal`, because),
      endDeparture: post(`/clearing/departures/${gone}/return`, because),
      openFundingAccount: post(
        '/clearing/funding/accounts',
        { ...account, merchantId: leaver, from: at('2027-03-01') },
        ['programme', 'from'],
      ),
      changeFundingAccount: patch(`/clearing/funding/accounts/${accountId}`, { alertFen: 50 }),
      bookFunding: post(`/clearing/funding/accounts/${accountId}/entries`, {
        ...entry,
        reference: 'T-2',
      }),
    };
  },
);
