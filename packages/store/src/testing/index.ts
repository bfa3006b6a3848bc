export { limitStoreContract, type LimitStoreCase, type LimitStoreSubject } from './limit-store-contract.ts';
