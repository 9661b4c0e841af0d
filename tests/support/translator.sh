#!/bin/sh
# A translator for tests: a real child process that says what it was given and how. Its first
# argument is how it behaves, the others are what the settings make of the languages.
how=$1
shift
case $how in
mark) printf '<%s> ' "$*" && cat ;;
shown) # what a child of a node sees
    cat >/dev/null
    printf 'arguments:%s\n' "$*"
    env | sort
    pwd
    ls /proc/self/fd | wc -l
    # Its group: itself.
    [ "$(cut -d' ' -f5 /proc/$$/stat)" = $$ ] && echo 'a group of its own'
    ;;
fail) cat >/dev/null && echo 'half a text' && exit 3 ;;
die) kill -9 $$ ;;
sleep) # with a child of its own, whose number it leaves where it was told to
    sleep 600 &
    echo $! >"$1"
    wait
    ;;
close) # closes its output and goes on
    exec >&- && sleep 600
    ;;
endless) yes 'and so on' ;;
deaf) echo 'heard nothing' ;;
bytes) printf 'caf\351\n' ;;
control) printf 'a\033[2Jb\n' ;;
turned) printf 'a\342\200\256b\n' ;;
empty) cat >/dev/null && printf ' \n\n' ;;
esac
