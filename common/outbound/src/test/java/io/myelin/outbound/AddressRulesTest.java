package io.myelin.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRulesTest {
    private static boolean allows(AddressRules rules, String address) {
        return rules.allow(InetAddress.ofLiteral(address));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "0.0.0.0",
                "10.1.2.3",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "224.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::ffff:127.0.0.1",
                "::127.0.0.1",
                "fe80::1",
                "fec0::1",
                "fd12::1",
                "ff02::1",
                "64:ff9b::10.0.0.1",
                "2002:7f00:1::",
                "2001:db8::1"
            })
    void refusesWhatIsNotPublic(String address) {
        assertThat(allows(AddressRules.publicAnd(null), address)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "64:ff9b::1.1.1.1", "2002:101:101::"})
    void allowsPublicAddresses(String address) {
        assertThat(allows(AddressRules.publicAnd(null), address)).isTrue();
    }

    @Test
    void allowsConfiguredNetworksToTheBit() {
        var rules = AddressRules.publicAnd("10.20.0.0/14, fd00::/8,127.0.0.1/32");
        assertThat(allows(rules, "10.20.0.1")).isTrue();
        assertThat(allows(rules, "10.23.255.255")).isTrue();
        assertThat(allows(rules, "10.24.0.0")).isFalse();
        assertThat(allows(rules, "10.19.255.255")).isFalse();
        assertThat(allows(rules, "fd12::1")).isTrue();
        assertThat(allows(rules, "fc12::1")).isFalse();
        assertThat(allows(rules, "127.0.0.1")).isTrue();
        assertThat(allows(rules, "127.0.0.2")).isFalse();
    }

    @Test
    void allowsEverythingInTests() {
        assertThat(allows(AddressRules.everywhere(), "127.0.0.1")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0", "10.0.0.0/33", "example.org/8", "10.0.0.0/x", ""})
    void refusesWhatIsNoNetwork(String text) {
        assertThatThrownBy(() -> AddressRules.publicAnd(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("10.0.0.0/8");
    }
}
