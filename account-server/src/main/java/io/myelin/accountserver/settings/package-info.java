/** The settings of account-server. */
@NullMarked
package io.myelin.accountserver.settings;

import org.jspecify.annotations.NullMarked;
