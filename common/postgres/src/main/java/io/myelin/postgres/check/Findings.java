package io.myelin.postgres.check;

/** Takes the damage that a check of an invariant finds. */
public interface Findings {

    /**
     * Notes damage.
     *
     * @param place which rows
     * @param what is wrong there
     */
    void add(String place, String what);

    /** Whether no more can be taken, so that the check may end. */
    boolean isFull();
}
