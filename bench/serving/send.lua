-- Sends a reading for one person after another: path, first person, cookie, host, value, secret of forms.
local path, person, cookie, value, secret, headers

function init(args)
  path, person, cookie, value, secret = args[1], tonumber(args[2]), args[3], args[5], args[6]
  headers = {
    ["Host"] = args[4], ["X-Forwarded-Proto"] = "https", ["Origin"] = "https://" .. args[4],
    ["Content-Type"] = "application/x-www-form-urlencoded",
  }
end

function request()
  local id = string.format("0000000-0000-4000-8000-%012x", person)
  headers["Cookie"] = cookie .. "=token-" .. person .. "; __Host-kabinet-csrf=" .. secret
  local body = "csrfmiddlewaretoken=" .. secret .. "&send=c" .. id .. "&key-c" .. id .. "=key-of-bench-" .. value .. "-"
    .. person .. "&value-e" .. id .. "=" .. value
  person = person + 1
  return wrk.format("POST", path, headers, body)
end
