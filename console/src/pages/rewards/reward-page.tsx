import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { Link } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { useSaid } from '../../app/point-types.ts';
import { useMay } from '../../app/session.ts';
import { useWrite } from '../../app/write.ts';
import { useAsk } from '../../design/ask.tsx';
import { FailureAlert } from '../../design/failure-shown.tsx';
import { Loaded } from '../../design/loaded.tsx';
import { Card, Page } from '../../design/page.tsx';
import { Code } from '../../design/values.tsx';
import { HistoryCard } from '../../publishing/history-card.tsx';
import { PublishCard } from '../../publishing/publish-card.tsx';
import { foremost } from '../../publishing/version.ts';
import { VersionTag } from '../../publishing/version-tag.tsx';
import { VersionsCard } from '../../publishing/versions-card.tsx';
import { DraftForm } from './draft-form.tsx';
import { StockCard } from './stock-card.tsx';
import { TermsShown } from './terms-shown.tsx';
import { words } from './words.ts';

/** A reward: what holds, what will, the draft and what can be done with it, its stock, versions and history. */
export function RewardPage({ id }: { readonly id: string }) {
  const t = useWords(words);
  const said = useSaid();
  const f = useFormat();
  const may = useMay();
  const ask = useAsk();
  const [isEditing, setEditing] = useState(false);
  const queryKey = ['reward', id];
  const touches = [queryKey, ['rewards']];
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }) => hongmi.getReward({ id }, { signal }),
  });
  const publish = useWrite(
    (asked: { readonly from?: string }, idempotencyKey) =>
      hongmi.publishReward({ id, ...asked }, { idempotencyKey }),
    { touches },
  );
  const drop = useWrite(
    (_: null, idempotencyKey) => hongmi.dropRewardDraft({ id }, { idempotencyKey }),
    { touches },
  );
  const retire = useWrite(
    (_: null, idempotencyKey) => hongmi.retireReward({ id }, { idempotencyKey }),
    { touches },
  );
  return (
    <Loaded query={query}>
      {(reward) => {
        const version = foremost(reward);
        const { draft, current, announced } = reward;
        return (
          <Page
            above={<Link href="/">{t.title}</Link>}
            title={version === null ? reward.code : said(version.body.name)}
            about={
              <>
                <Code>{reward.code}</Code>{' '}
                {version === null ? null : <VersionTag state={version.state} />}
              </>
            }
            actions={
              <>
                {may('rewards:write') && !isEditing ? (
                  <Button onClick={() => setEditing(true)}>
                    {draft === null ? t.newDraft : t.edit}
                  </Button>
                ) : null}
                {may('rewards:publish') && current !== null ? (
                  <Button
                    danger
                    loading={retire.isSending}
                    onClick={() =>
                      void ask({
                        title: t.retireTitle,
                        about: t.retireAbout,
                        yes: t.retire,
                        danger: true,
                      }).then((yes) => (yes ? retire.send(null) : undefined))
                    }
                  >
                    {t.retire}
                  </Button>
                ) : null}
              </>
            }
          >
            {retire.failure === undefined ? null : <FailureAlert failure={retire.failure} />}
            {isEditing && version !== null ? (
              <Card title={t.draft}>
                <DraftForm
                  id={id}
                  terms={(draft ?? version).body}
                  touches={touches}
                  close={() => setEditing(false)}
                />
              </Card>
            ) : null}
            {draft !== null && !isEditing ? (
              <>
                <Card title={t.draft}>
                  <TermsShown terms={draft.body} />
                </Card>
                {may('rewards:publish') ? <PublishCard publish={publish} drop={drop} /> : null}
              </>
            ) : null}
            {current === null ? null : (
              <Card title={t.current}>
                <TermsShown terms={current.body} />
              </Card>
            )}
            {announced.map((each) => (
              <Card
                key={each.id}
                title={`${t.announced}${each.from === null ? '' : ` · ${f.instant(each.from)}`}`}
              >
                <TermsShown terms={each.body} />
              </Card>
            ))}
            <StockCard id={id} />
            <VersionsCard
              name={`${reward.code}-versions`}
              queryKey={[...queryKey, 'versions']}
              load={(page, signal) => hongmi.listRewardVersions({ id, ...page }, { signal })}
            />
            <HistoryCard
              name={`${reward.code}-history`}
              queryKey={[...queryKey, 'changes']}
              load={(page, signal) => hongmi.listRewardChanges({ id, ...page }, { signal })}
            />
          </Page>
        );
      }}
    </Loaded>
  );
}
