package io.myelin.roomserver.room;

/** Something that room-server decides about, as its shard knows it. See {@link EntityKey}. */
public sealed interface RoomEntity
        permits Room,
                PurgedRoom,
                PurgeSlice,
                HistoryPurge,
                HistorySlice,
                BlockedRoom,
                Unpruned,
                GuestsOfRoom,
                PendingRooms,
                RelativeState,
                StagedState,
                AliasEntity,
                UserEntity,
                EventEntity,
                NumberedEvent,
                AwaitedEvent,
                OwnAnnotation,
                HistoryBefore,
                EventsBehind,
                Absent,
                Damaged,
                TooHeavy {}
