@NullMarked
package io.myelin.federation.authentication;

import org.jspecify.annotations.NullMarked;
