/**
 * Ed25519 keys, signatures on JSON, SHA-256 and unpadded base64. BouncyCastle stands behind one class of this package,
 * because it signs in a twentieth of the time that the JDK takes.
 */
@NullMarked
package io.myelin.matrix.crypto;

import org.jspecify.annotations.NullMarked;
