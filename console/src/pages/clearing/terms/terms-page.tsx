import { useFilter } from '@hongmi/ui/address.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { laterPart } from '@hongmi/ui/later-part.tsx';
import { instantOf } from '@hongmi/ui/wall-time.ts';
import { Button } from 'antd';
import { useState } from 'react';
import { useProgramme } from '../../../app/programme.tsx';
import { useMay } from '../../../app/session.ts';
import { Dialog } from '../../../design/dialog.tsx';
import { Page } from '../../../design/page.tsx';
import { useMe } from '../me.ts';
import { PricesCard } from './prices-card.tsx';
import { words } from './words.ts';

const AtField = laterPart(() => import('./at-field.tsx'), 'AtField');
const DeparturesCard = laterPart(() => import('./departures-card.tsx'), 'DeparturesCard');
const PublishTerms = laterPart(() => import('./publish-terms.tsx'), 'PublishTerms');
const VersionsCard = laterPart(() => import('./versions-card.tsx'), 'VersionsCard');

/** What points cost and bring: as of an instant, and version by version. */
export default function TermsPage() {
  const t = useWords(words);
  const may = useMay();
  const { merchantId } = useMe();
  const programme = useProgramme();
  const [wall, setWall] = useFilter('at');
  const [isNew, setNew] = useState(false);
  const at =
    wall === undefined || programme === undefined ? undefined : instantOf(wall, programme.timeZone);
  return (
    <Page
      title={t.title}
      about={t.about}
      actions={
        may('clearing:write') && merchantId === null ? (
          <Button type="primary" onClick={() => setNew(true)}>
            {t.publish}
          </Button>
        ) : undefined
      }
    >
      <div className="hm-filters hm-at">
        <AtField value={wall} onChange={setWall} />
      </div>
      <PricesCard at={at ?? programme?.now} />
      <VersionsCard />
      <DeparturesCard />
      <Dialog title={t.publish} isOpen={isNew} onClose={() => setNew(false)} width={760}>
        <PublishTerms onClose={() => setNew(false)} />
      </Dialog>
    </Page>
  );
}
