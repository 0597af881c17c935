/**
 * A backup: a directory with a file for each table, all from one snapshot, and a {@link
 * io.myelin.maintenance.backup.Manifest} that is written last.
 */
@NullMarked
package io.myelin.maintenance.backup;

import org.jspecify.annotations.NullMarked;
