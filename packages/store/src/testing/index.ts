export { limitStoreContract, type LimitStoreCase, type LimitStoreSubject } from './limits/limit-store-contract.ts';
