/** Sends messages from devices to devices. Client-server API, "Send-to-Device messaging". */
@NullMarked
package io.myelin.accountserver.todevice;

import org.jspecify.annotations.NullMarked;
