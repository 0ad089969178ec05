import type { Item } from '@hongmi/sdk';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useLanguage, useWords } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { useState } from 'react';
import { hongmi, ME } from '../../app/api.ts';
import { useMe } from '../../app/me.ts';
import { MoreList } from '../../design/more-list.tsx';
import { Card, Page } from '../../design/page.tsx';
import { ButtonRow, Rows } from '../../design/row.tsx';
import { When } from '../../design/values.tsx';
import { words } from './words.ts';

type Message = Item<'fetchMessages'>;

/** What the member is told, the newest first; opening one is reading it. */
export default function MessagesPage() {
  const t = useWords(words);
  return (
    <Page title={t.title} up="~/m/">
      <MoreList
        queryKey={['messages']}
        load={(cursor, signal) =>
          hongmi.fetchMessages({ ...ME, ...(cursor && { cursor }) }, { signal })
        }
        empty={<Empty title={t.none}>{t.noneAbout}</Empty>}
      >
        {(items) => (
          <Card flush>
            <Rows label={t.title}>
              {items.map((each) => (
                <MessageRow key={each.id} message={each} />
              ))}
            </Rows>
          </Card>
        )}
      </MoreList>
    </Page>
  );
}

function MessageRow({ message }: { readonly message: Message }) {
  const t = useWords(words);
  const { title, text } = message[useLanguage()];
  const [isOpen, setOpen] = useState(false);
  const { id: memberId } = useMe();
  const read = useWrite(() => hongmi.readMessage({ id: message.id, memberId }), {
    touches: [['messages'], ['unread']],
  });
  const isUnread = message.readAt === null;
  return (
    <li>
      <ButtonRow
        expanded={isOpen}
        onClick={() => {
          setOpen(!isOpen);
          // Whether it is noted or not, it is read: nobody is told when it was not.
          if (isUnread && !isOpen) void read.send(undefined);
        }}
        title={isUnread ? <strong>{title}</strong> : title}
        about={<When at={message.dueAt} />}
        value={
          isUnread ? (
            <span className="hm-tag" data-tone="warn">
              {t.unread}
            </span>
          ) : undefined
        }
      />
      {isOpen ? <p className="hm-details">{text}</p> : null}
    </li>
  );
}
