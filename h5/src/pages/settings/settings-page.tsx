import { LANGUAGES, language, useLanguage, useWords } from '@hongmi/ui/language.ts';
import { usePreference } from '@hongmi/ui/preference.ts';
import { SCHEME_CHOICES, schemeChoice } from '@hongmi/ui/scheme.ts';
import { TEXT_SIZES, textSize } from '@hongmi/ui/text-size.ts';
import { Choice } from '../../design/choice.tsx';
import { Card, Page } from '../../design/page.tsx';
import { Row, Rows } from '../../design/row.tsx';
import { words } from './words.ts';

/** How these pages look and speak on this phone, and the way to what the member agreed to and where they are signed in. */
export function SettingsPage() {
  const t = useWords(words);
  const scheme = usePreference(schemeChoice);
  const size = usePreference(textSize);
  const spoken = useLanguage();
  return (
    <Page title={t.title} up="~/m/me">
      <Card title={t.language}>
        <Choice
          label={t.language}
          value={spoken}
          options={LANGUAGES.map((value) => ({ value, label: t.languages[value] }))}
          onChange={language.set}
        />
      </Card>
      <Card title={t.textSize}>
        <Choice
          label={t.textSize}
          value={size}
          options={TEXT_SIZES.map((value) => ({ value, label: t.textSizes[value] }))}
          onChange={textSize.set}
        />
        <p className="hm-soft">{t.sample}</p>
      </Card>
      <Card title={t.scheme}>
        <Choice
          label={t.scheme}
          value={scheme}
          options={SCHEME_CHOICES.map((value) => ({ value, label: t.schemes[value] }))}
          onChange={schemeChoice.set}
        />
      </Card>
      <Card flush>
        <Rows>
          <Row href="/privacy" title={t.privacy} about={t.privacyAbout} />
          <Row href="/sessions" title={t.sessions} about={t.sessionsAbout} />
        </Rows>
      </Card>
    </Page>
  );
}
