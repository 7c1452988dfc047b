# What an application of the README, or an example server, must answer. Sourced.

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

wait_for() { # a URL that answers, whatever it answers
    curl --silent --output /dev/null --retry 60 --retry-delay 1 --retry-connrefused --max-time 60 "$1"
}

expect() { # the status, a jq condition on the body, then what curl is given
    local status=$1 condition=$2 answer
    shift 2
    answer=$(curl --silent --show-error --write-out '\n%{http_code}' "$@")
    if [ "$(tail -n 1 <<<"$answer")" != "$status" ] || ! head -n -1 <<<"$answer" | jq -e "$condition" >/dev/null; then
        printf 'asked:  %s\nwanted: %s, %s\ngot:    %s\n' "$*" "$status" "$condition" "$answer" >&2
        return 1
    fi
}

answers() { # address
    local base=http://$1/auth password='rain on an old roof' token
    expect 200 '.user.username == "ben"' "$base/signup" --json '{"username": "ben", "password": "'"$password"'"}'
    expect 400 '.error.code == "taken"' "$base/signup/" --json '{"username": "Ben", "password": "'"$password"'"}'
    expect 401 '.error.code == "credentials"' "$base/signin" --json '{"username": "ben", "password": "a wrong one"}'
    token=$(curl --silent "$base/signin" --json '{"username": "ben", "password": "'"$password"'"}' | jq -er .token)
    expect 200 '.user.username == "ben"' "$base/get_user" --json '{"token": "'"$token"'"}'
    token=$(curl --silent --request POST "$base/refresh" --header "Authorization: Bearer $token" | jq -er .token)
    expect 200 '.status == 200' --request POST "$base/signout" --header "Authorization: Bearer $token"
    expect 401 '.error.code == "token_revoked"' "$base/get_user" --json '{"token": "'"$token"'"}'
    expect 404 '.error.code == "not_found"' "$base/nothing-here"
    expect 405 '.error.code == "method_not_allowed"' "$base/signin"
    echo "signed up, in, refreshed, out; 400, 401, 404 and 405 in the envelope"
}
