// npm run api:update: writes down what one can import from each package, as it was last built.
import { publishedWorkspaces } from '../published.ts';
import { writeApiReports } from './reports.ts';

for (const workspace of publishedWorkspaces()) writeApiReports(workspace);
