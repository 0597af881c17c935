/**
 * The authorisation rules, which decide whether an event may be sent in a room of some state. {@link
 * io.myelin.matrix.auth.AuthRules} is the entry and reads like the list in the specification of a room version; each group
 * of rules has a class of its own. Rules are written with the numbers of version 12, which {@link
 * io.myelin.matrix.auth.RuleNumber} translates.
 */
@NullMarked
package io.myelin.matrix.auth;

import org.jspecify.annotations.NullMarked;
