package io.myelin.roomserver.room;

/** Something that room-server decides about, as its shard knows it. See {@link EntityKey}. */
public sealed interface RoomEntity
        permits Room,
                PurgedRoom,
                Remains,
                Unpruned,
                RelativeState,
                StagedState,
                AliasEntity,
                UserEntity,
                EventEntity,
                AwaitedEvent,
                HistoryBefore,
                EventsBehind,
                Absent,
                Damaged {}
