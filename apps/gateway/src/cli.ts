import { main } from './main.ts';

export { main };

// Importing this module is running the command: that is what `bin/x-gateway.js` and `npm start` do.
await main(process.argv.slice(2));
