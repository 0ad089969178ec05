import { Empty } from '@hongmi/ui/empty.tsx';
import { useWords } from '@hongmi/ui/language.ts';
import { Loaded } from '@hongmi/ui/mobile/loaded.tsx';
import { Page } from '../../design/page.tsx';
import { PurposeCard, useConsentsQuery } from './purpose-card.tsx';
import { words } from './words.ts';

/** What the member agreed to: each purpose by itself, with all that was said about it, and as easily off as on. */
export function PrivacyPage() {
  const t = useWords(words);
  const query = useConsentsQuery();
  return (
    <Page title={t.privacy} about={t.askedFor} up="~/m/settings">
      <Loaded query={query} rows={8}>
        {({ notices, consents: { items, under14Until } }) => {
          // Of merchants it is asked where it is needed, and ended with them.
          const own = notices.filter(({ purpose }) => purpose !== 'share_with_merchant');
          if (own.length === 0) return <Empty title={t.noNotices} />;
          return (
            <>
              {own.map((notice) => {
                const consent = items.find(({ purpose }) => purpose === notice.purpose);
                return (
                  <PurposeCard
                    // What was changed elsewhere begins anew.
                    key={`${notice.purpose} ${consent?.changedAt}`}
                    notice={notice}
                    consent={consent}
                    isChild={under14Until !== null}
                  />
                );
              })}
              <p className="hm-soft">{t.stays}</p>
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}
