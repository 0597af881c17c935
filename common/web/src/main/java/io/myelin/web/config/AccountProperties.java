package io.myelin.web.config;

import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/** How much each user may keep. */
public record AccountProperties(
        @Setting(
                value = "The size of one item of a user's account data, and of a room's tags together.",
                min = 16 << 10,
                max = 512 << 10)
        @DefaultValue("256KB")
        DataSize dataItemSize,

        @Setting(value = "The size of all account data of one user together.", min = 1 << 20, max = 1 << 30)
        @DefaultValue("10MB")
        DataSize dataSize,

        @Setting(
                value = "How many items of account data a user may have, global ones and of rooms; "
                        + "those that were deleted count too.",
                min = 100,
                max = 1_000_000)
        @DefaultValue("10000")
        int dataItems,

        @Setting(value = "How many tags a user may give one room.", min = 1, max = 10_000) @DefaultValue("100")
        int tags,

        @Setting(value = "How many different filters a user may keep on the server.", min = 1, max = 100_000)
        @DefaultValue("500")
        int filters,

        @Setting(
                value = "How many devices of one user may be logged in; "
                        + "a further one logs out the one that logged in longest ago.",
                min = 1,
                max = 10_000)
        @DefaultValue("500")
        int devices) {}
