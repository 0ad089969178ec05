import { later } from '@hongmi/ui/later.ts';
import { Route, Switch } from 'wouter';
import { useProgramme } from '../../app/programme.tsx';
import { NotHere } from '../../design/absent.tsx';
import { Skeleton } from '../../design/skeleton.tsx';
import { BooksPage } from './books-page.tsx';

const BookPeriodPage = later(() => import('./book-period-page.tsx'), 'BookPeriodPage');

/** What a programme owes its members for points. */
export default function BooksArea() {
  const programme = useProgramme();
  if (programme === undefined) return <Skeleton />;
  return (
    <Switch key={programme.code}>
      <Route path="/">
        <BooksPage programme={programme} />
      </Route>
      <Route path="/:id">{({ id }) => <BookPeriodPage key={id} id={id} />}</Route>
      <Route>
        <NotHere />
      </Route>
    </Switch>
  );
}
