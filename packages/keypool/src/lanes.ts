import { Lane, type PooledKey } from './lane.ts';
import { Room, type RoomOptions } from './room/room.ts';

/** A lane for each key; those of one quota group have one room between them. */
export function createLanes(
  keys: readonly PooledKey[],
  model: string,
  options: Pick<RoomOptions, 'profile' | 'staleMs'>,
): Lane[] {
  const shared = new Map<string, Room>();
  return keys.map((key, index) => {
    const { quotaGroup, limits } = key;
    const room = (quotaGroup === undefined ? undefined : shared.get(quotaGroup)) ?? new Room({ ...options, limits });
    if (quotaGroup !== undefined) shared.set(quotaGroup, room);
    return new Lane(key, model, { room, index });
  });
}
