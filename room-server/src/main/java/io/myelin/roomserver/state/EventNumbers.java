package io.myelin.roomserver.state;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/** An immutable set of events of one shard, by their numbers; some two bytes each. */
public final class EventNumbers {

    public static final EventNumbers NONE = new EventNumbers(new Roaring64Bitmap());

    private final Roaring64Bitmap numbers;

    private EventNumbers(Roaring64Bitmap numbers) {
        this.numbers = numbers;
    }

    public static EventNumbers of(long... numbers) {
        return new EventNumbers(Roaring64Bitmap.bitmapOf(numbers));
    }

    public static EventNumbers of(Collection<Long> numbers) {
        return of(numbers.stream().mapToLong(Long::longValue).toArray());
    }

    /** Reads what {@link #toBytes} wrote. */
    public static EventNumbers parse(byte[] bytes) {
        Roaring64Bitmap numbers = new Roaring64Bitmap();
        try {
            numbers.deserialize(new DataInputStream(new ByteArrayInputStream(bytes)));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return new EventNumbers(numbers);
    }

    /** In the format of Roaring bitmaps of 64 bits. */
    public byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            numbers.serialize(new DataOutputStream(bytes));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    /** The numbers that exactly one of the two sets has. */
    public EventNumbers difference(EventNumbers other) {
        if (other.isEmpty()) {
            return this;
        }
        Roaring64Bitmap result = numbers.clone();
        result.xor(other.numbers);
        return new EventNumbers(result);
    }

    /** The {@link #difference} of all these sets, in whatever order. */
    public static EventNumbers differenceOf(List<EventNumbers> sets) {
        Roaring64Bitmap result = new Roaring64Bitmap();
        sets.forEach(set -> result.xor(set.numbers));
        return new EventNumbers(result);
    }

    /** The numbers that all of these sets have. There must be at least one set. */
    public static EventNumbers commonTo(List<EventNumbers> sets) {
        Roaring64Bitmap result = sets.getFirst().numbers.clone();
        sets.forEach(set -> result.and(set.numbers));
        return new EventNumbers(result);
    }

    /** The numbers that either of the two sets has. */
    public EventNumbers unitedWith(EventNumbers other) {
        Roaring64Bitmap result = numbers.clone();
        result.or(other.numbers);
        return new EventNumbers(result);
    }

    /** The numbers that the other set does not have. */
    public EventNumbers without(EventNumbers other) {
        Roaring64Bitmap result = numbers.clone();
        result.andNot(other.numbers);
        return new EventNumbers(result);
    }

    public EventNumbers with(Collection<Long> more) {
        Roaring64Bitmap result = numbers.clone();
        more.forEach(result::addLong);
        return new EventNumbers(result);
    }

    /** The numbers that are greater than this one. */
    public EventNumbers after(long number) {
        return of(Arrays.stream(toArray()).filter(each -> each > number).toArray());
    }

    public boolean contains(long number) {
        return numbers.contains(number);
    }

    public boolean isEmpty() {
        return numbers.isEmpty();
    }

    public long size() {
        return numbers.getLongCardinality();
    }

    /** The least number. The set must not be empty. */
    public long first() {
        return numbers.first();
    }

    /** In ascending order. */
    public long[] toArray() {
        return numbers.toArray();
    }

    /** In ascending order. */
    public List<Long> toList() {
        return Arrays.stream(toArray()).boxed().toList();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof EventNumbers that && numbers.equals(that.numbers);
    }

    @Override
    public int hashCode() {
        return numbers.hashCode();
    }

    @Override
    public String toString() {
        return toList().toString();
    }
}
