/** Sends mails over SMTP, and has their texts. */
@NullMarked
package io.myelin.accountserver.mail;

import org.jspecify.annotations.NullMarked;
